"""Flags of a command line, which are Hydra's, wherever they stand among the settings."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from nnbench.config import ConfigError, UsageError, shown

TAKEN = {"verify": ("-m", "--multirun")}
"""Flags of the commands that do not train."""

PARSER = get_args_parser()


def parsed(words: Sequence[str]) -> Namespace:
    """The flags of a command line that trains, and its settings as `overrides`.

    Raises UsageError for what is no flag, ConfigError for the value of one that can't be.
    """
    PARSER.error = refuse  # type: ignore[method-assign]
    flags = PARSER.parse_intermixed_args(list(words))
    if flags.experimental_rerun is not None:
        why = "a pickle can execute anything; `replay RUN_ID` trains a run again"
        raise ConfigError("--experimental-rerun", flags.experimental_rerun, why)
    for name in ("config_path", "config_dir"):
        directory = getattr(flags, name)
        if directory is not None and "://" not in directory:
            if not Path(directory).is_dir():
                raise ConfigError(f"--{name.replace('_', '-')}", directory, "no such directory")
            # Hydra would look beside its caller's file.
            setattr(flags, name, str(Path(directory).absolute()))
    return flags


def refuse(message: str) -> NoReturn:
    """Raise UsageError, where argparse would print how to use it over many lines."""
    raise UsageError(f"{shown(message)}; --help says what there is")


def refuse_flags(command: str, words: Sequence[str]) -> None:
    """Raise UsageError if a command that does not train is given a flag that it doesn't take."""
    for word in words:
        if word.startswith("-") and word not in TAKEN.get(command, ()):
            raise UsageError(f"{shown(word)}: {command} takes no such flag")
