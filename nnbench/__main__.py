"""The command line: `python -m nnbench [COMMAND] [key=value …]`; no command trains."""

import importlib
import sys
from contextlib import nullcontext

from nnbench.commands.help import command_names
from nnbench.composition.flags import refuse_flags, refuse_settings
from nnbench.options.overrides import TYPED, aliases_in_errors, with_names
from nnbench.run.errors import ConfigError, ProgramEndedError, RunsFailedError, UsageError, excerpt
from nnbench.safety.redaction import print_redacted
from nnbench.system.early_exits import contained, without_sudden_end
from nnbench.system.interrupt import EndedError, signals_raise
from nnbench.system.leftovers import temporary_directory
from nnbench.system.output import leniently, tell


def main() -> int:
    """Run the command that the first word names; returns the exit code."""
    sys.excepthook = print_redacted
    return leniently(run)


def run() -> int:
    """As `main`, where printing may fail."""
    TYPED.set(sys.argv[1:])
    words = list(map(with_names, sys.argv[1:]))
    # A setting has an equals sign, a flag or an addition of Hydra's begins with - + or ~.
    named = bool(words) and "=" not in words[0] and words[0][:1] not in ("-", "+", "~")
    command = words.pop(0) if named else "train"
    try:
        if command not in command_names():
            commands = ", ".join(command_names())
            raise UsageError(
                f"unknown command: {excerpt(command) or '(empty)'}; must be one of {commands}"
            )
        if {"--help", "-h"} & set(words):
            # All commands share one help.
            command, words = "help", []
        if command != "train":
            refuse_flags(command, words)
            refuse_settings(command, words)
        # Hydra ends its own way, which is how a training says that it has failed.
        ends = nullcontext() if command == "train" else contained()
        with (
            temporary_directory(),
            signals_raise(),
            without_sudden_end(),
            ends,
            aliases_in_errors(),
        ):
            return int(importlib.import_module(f"nnbench.commands.{command}").run(words))
    except UsageError as error:
        tell(error)
        return 2
    except (ConfigError, ProgramEndedError, RunsFailedError, EndedError) as error:
        tell(error)
        return error.exit_code
    except KeyboardInterrupt:
        # Of a second signal, or raised by code of the user's.
        print("nnbench: stopped by KeyboardInterrupt", file=sys.stderr)  # noqa: T201
        return 130


if __name__ == "__main__":
    sys.exit(main())
