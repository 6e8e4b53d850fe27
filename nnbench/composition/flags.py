"""Flags of a command line, which are Hydra's, wherever they stand among the settings."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from nnbench.options.keys import KEYS
from nnbench.options.overrides import split_override
from nnbench.run.errors import NO_VALUE, ConfigError, UsageError, excerpt

TAKEN = {"verify": ("-m", "--multirun")}
"""Flags of the commands that do not train."""

OF_STORES = ("tracking", "launcher", "hydra", "trust")
SETTINGS = {
    "inspect": (*OF_STORES, "experiment", "seed"),
    "replay": OF_STORES,
    "sync": OF_STORES,
    "ui": OF_STORES,
}
"""Command → the groups and keys that it takes, of commands that ignore the settings of runs."""

RUNS = {"inspect": "RUN_ID, or by experiment=NAME seed=0"}
"""Command → the ways to name its runs, where there are several."""

PARSER = get_args_parser()


def parsed(words: Sequence[str]) -> Namespace:
    """The flags of a command line that trains, and its settings as `overrides`.

    Raises UsageError for an unknown flag, ConfigError for a flag's invalid value.
    """
    PARSER.error = refuse  # type: ignore[method-assign]
    flags = PARSER.parse_intermixed_args(list(words))
    if flags.experimental_rerun is not None:
        why = "a pickle can execute anything; `replay RUN_ID` trains a run again"
        raise ConfigError("--experimental-rerun", flags.experimental_rerun, why)
    describes = flags.cfg or flags.info or flags.shell_completion
    # Hydra 1.4 takes no file's word for it that there are several jobs.
    flags.multirun |= not describes and any(word.startswith("+sweeps=") for word in flags.overrides)
    for name in ("config_path", "config_dir"):
        directory = getattr(flags, name)
        if directory is not None and "://" not in directory:
            if not os.path.isdir(directory):
                raise ConfigError(f"--{name.replace('_', '-')}", directory, "no such directory")
            # Hydra would look beside its caller's file.
            setattr(flags, name, str(Path(directory).absolute()))
    return flags


def refuse(message: str) -> NoReturn:
    """Raise UsageError, where argparse would print how to use it over many lines."""
    raise UsageError(f"{excerpt(message)}; see --help")


def run_named(command: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """The id and the settings in the words of a command: COMMAND RUN_ID [key=value …].

    Raises ConfigError unless they name exactly one run.
    """
    ids = [word for word in words if "=" not in word]
    if len(ids) != 1:
        typed = " ".join([command, *ids])
        allowed = f"must be followed by the id of one run: {command} {RUNS.get(command, 'RUN_ID')}"
        raise ConfigError(typed, NO_VALUE, allowed)
    return ids[0], [word for word in words if "=" in word]


def refuse_flags(command: str, words: Sequence[str]) -> None:
    """Raise UsageError if a command that does not train is given a flag that it doesn't take."""
    for word in words:
        if word.startswith("-") and word not in TAKEN.get(command, ()):
            raise UsageError(f"{excerpt(word)}: {command} takes no such flag")


def refuse_settings(command: str, words: Sequence[str]) -> None:
    """Raise ConfigError for a setting that would change nothing of what a command does."""
    for word in words if command in SETTINGS else ():
        if command in ("sync", "ui") and "=" not in word:
            raise ConfigError(word, NO_VALUE, f"{command} takes tracking.… only, as key=value")
        key, value = split_override(word)
        group, _, option = key.partition(".")
        # A class named on the command line is trusted.
        if group in KEYS and group not in SETTINGS[command] and option != "_target_":
            raise ConfigError(key, value, f"has no effect on {command}, which takes tracking.…")
