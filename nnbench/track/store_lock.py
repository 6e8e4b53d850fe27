"""The lock of a store, which all processes of this machine share that use it."""

import getpass
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from nnbench.system.leftovers import machine_directory
from nnbench.system.output import tell
from nnbench.track.address import sqlite_file

LOCK_SECONDS = 13
"""Seconds more for which another process may hold a store's lock; making one takes a few."""
SILENT_SECONDS = 2
"""Seconds after which a process says that it waits."""


@contextmanager
def lock(uri: str) -> Iterator[None]:
    """Hold the lock of a store, while something is made that must not be made twice.

    Two that create a fresh store at the same moment break it for good, since MLflow's migrations
    take no lock; and two that log the same run would both find that it is not there.
    Raises OSError with a one-line reason if it is unavailable.
    """
    file = lock_file(uri)
    if file.is_symlink():
        # The file that it leads to is no lock.
        raise OSError(f"{file} must be a regular file, used as a lock, not a link")
    held = FileLock(file)
    try:
        acquire(held, file)
    except Timeout as error:
        raise TimeoutError(f"another process holds {file}; try again once it has ended") from error
    except OSError as error:
        raise OSError(f"locking {file} failed: {error.strerror}") from error
    try:
        yield
    finally:
        held.release()


def acquire(held: BaseFileLock, file: Path) -> None:
    """Acquire a lock, however many others wait for it, too. Raises Timeout if one keeps it.

    A longer wait prints its reason.
    """
    is_said = False
    while True:
        before = stamp(file)
        try:
            held.acquire(LOCK_SECONDS if is_said else SILENT_SECONDS)
        except Timeout:
            if is_said and stamp(file) == before:
                raise
            if not is_said:
                tell(f"waiting for another process, which holds {file}")
                is_said = True
        else:
            # Tells those who wait that it has changed hands.
            with suppress(OSError):
                os.utime(file)
            return


def stamp(file: Path) -> int:
    """The time at which the lock was acquired last."""
    return file.stat().st_mtime_ns if file.exists() else 0


def lock_file(uri: str) -> Path:
    """The file that is locked; that of an SQLite store is made before the store."""
    file = sqlite_file(uri)
    if file is not None:
        return file.with_name(f".{file.name}.lock")
    digest = hashlib.sha256(f"{getpass.getuser()} {uri}".encode()).hexdigest()[:16]
    return machine_directory() / f"nnbench-{digest}.lock"
