"""A user's code that ends the program, by sys.exit or os._exit: an error, not an end."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from nnbench.run.errors import ProgramEndedError


@contextmanager
def contained() -> Iterator[None]:
    """Turn what ends a program, such as SystemExit, into a ProgramEndedError.

    Ctrl-C passes.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException as error:
        if is_signal(error):
            raise
        code = f" with the exit code {error.code or 0}" if isinstance(error, SystemExit) else ""
        kind = type(error).__name__
        raise ProgramEndedError(f"ends the program{code}: it raises {kind}") from error


def is_signal(error: BaseException) -> bool:
    """True if a signal rather than code may have raised an exception."""
    python_raises = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    # This package raises exceptions of its own kinds for signals.
    return isinstance(error, KeyboardInterrupt) and (
        python_raises or type(error) is not KeyboardInterrupt
    )


@contextmanager
def without_sudden_end() -> Iterator[None]:
    """Make os._exit raise in this process, which could else end with a success nobody had.

    Processes that are forked meanwhile end as ever.
    """
    own, end = os.getpid(), os._exit

    def refuse(status: int) -> NoReturn:
        if os.getpid() != own:
            end(status)
        raise ProgramEndedError(f"ends the program with the exit code {status}: it calls os._exit")

    vars(os)["_exit"] = refuse
    try:
        yield
    finally:
        vars(os)["_exit"] = end
