"""Code of somebody's own that ends the program, by sys.exit or os._exit: an error, not an end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from nnbench.config import ProgramEndedError


@contextmanager
def contained() -> Iterator[None]:
    """Turn what ends a program, such as SystemExit, into a ProgramEndedError.

    KeyboardInterrupt passes, since it is usually Ctrl-C.
    """
    try:
        yield
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as error:
        code = f" with the exit code {error.code}" if isinstance(error, SystemExit) else ""
        kind = type(error).__name__
        raise ProgramEndedError(f"ends the program{code}: it raises {kind}") from error


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
