"""Directories and files of processes that may be killed: the next process removes them.

A process that uses one holds a lock on it, which the system releases with the process, however that
ends. So nothing of a living process is ever removed, in any container and on any machine. Where
locking fails nothing is removed.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from nnbench.system.interrupt import uninterrupted

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

IN_USE = "in_use"
"""The file in a directory that is locked while the directory is used."""

DRAWN = r"[a-z0-9_]{8}"
"""Random end of a name by `tempfile`, as a pattern."""

PROCESS = r"nnbench-(\d+)-"
"""Name of a process's directory, with its number, as a pattern."""

SEMAPHORES = Path("/dev/shm")  # noqa: S108
"""Directory of the semaphores by which loky talks to its workers, on Linux."""

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""Opens a file, but follows no link."""


def lock(descriptor: int) -> bool:
    """Lock an open file until it is closed; returns whether no other process holds it.

    Raises OSError where locking fails.
    """
    if fcntl is None:
        raise OSError("this system has no locks of that kind")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def own_directory(where: Path, prefix: str) -> Iterator[Path]:
    """A new directory in another, which goes at the end; those of killed processes go at once.

    Raises OSError if creating it fails.
    """
    remove_dead(where, re.escape(prefix))
    directories = list[tuple[Path, int]]()
    try:
        # A signal that comes between the two would leave it there.
        with uninterrupted():
            directories.append(make_locked(where, prefix))
        yield directories[0][0]
    finally:
        with uninterrupted():
            for directory, held in directories:
                remove_directory(directory)
                os.close(held)


def make_locked(where: Path, prefix: str) -> tuple[Path, int]:
    """A new directory, and what holds it until that is closed."""
    while True:
        directory = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
        held = -1
        # Another process may take it for a dead one's, as long as it isn't locked.
        with suppress(FileNotFoundError):
            held = os.open(directory / IN_USE, os.O_RDWR | os.O_CREAT | NO_LINK, 0o600)
            try:
                mine = lock(held)
            except OSError:
                return directory, held
            if mine and os.path.samestat(os.fstat(held), os.stat(directory / IN_USE)):
                return directory, held
        if held >= 0:
            os.close(held)


def remove_dead(where: Path, prefix: str) -> list[Path]:
    """Remove the directories of processes that have gone; returns which.

    `prefix` is what their names begin with, as a regular expression.
    """
    removed = []
    for directory in list(where.iterdir()):
        if re.fullmatch(prefix + DRAWN, directory.name) and is_own(directory):
            with suppress(OSError):
                removed += [directory] if remove_if_dead(directory) else []
    return removed


def is_own(path: Path) -> bool:
    """True for a directory, not a link to one, of the current user."""
    if fcntl is None or path.is_symlink() or not path.is_dir():
        return False
    with suppress(OSError):
        return path.stat().st_uid == os.geteuid()
    return False


def remove_if_dead(path: Path) -> bool:
    """Remove a file, or a directory of `own_directory`, unless a live process uses it.

    Returns whether it was removed. Raises OSError if opening or locking fails.
    """
    whole = path.is_dir()
    try:
        held = os.open(path / IN_USE if whole else path, os.O_RDWR | NO_LINK)
    except FileNotFoundError:
        # Of a directory, killed before it was locked: there is nothing in it then.
        path.rmdir()
        return True
    try:
        if not lock(held):
            return False
        if whole:
            remove_directory(path)
        else:
            path.unlink(missing_ok=True)
    finally:
        os.close(held)
    return True


def remove_directory(directory: Path) -> None:
    """Remove a directory of `own_directory`, what it is known by last."""
    with suppress(OSError):
        for path in directory.iterdir():
            if path.name == IN_USE:
                continue
            if path.is_dir() and not path.is_symlink():
                rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        (directory / IN_USE).unlink(missing_ok=True)
        directory.rmdir()


@contextmanager
def temporary_directory() -> Iterator[None]:
    """Have everything temporary of this process, of other libraries too, in one directory.

    It goes at the end, or with the next process that comes if this one is killed.
    """
    before = tempfile.tempdir
    with ExitStack() as stack:
        # If the disk is full, another directory may do, or none is needed.
        with suppress(OSError):
            tempfile.tempdir = str(stack.enter_context(process_directory()))
        try:
            yield
        finally:
            tempfile.tempdir = before


def process_directory() -> AbstractContextManager[Path]:
    """A temporary directory that is known as this process's."""
    where = machine_directory()
    remove_dead_processes(where)
    return own_directory(where, f"nnbench-{os.getpid()}-")


def machine_directory() -> Path:
    """Directory that holds those of all processes of this machine."""
    here = Path(tempfile.gettempdir())
    return here.parent if re.fullmatch(PROCESS + DRAWN, here.name) else here


def remove_dead_processes(where: Path) -> None:
    """Remove the directories and semaphores of processes that were killed.

    Those are loky's, which removes them itself unless the process that does it is killed as well.
    """
    for directory in remove_dead(where, PROCESS):
        number = directory.name.split("-")[1]
        # Another one may have got the number meanwhile, and use loky as well.
        for semaphore in () if runs(number) else SEMAPHORES.glob(f"sem.loky-{number}-*"):
            with suppress(OSError):
                semaphore.unlink()


def runs(number: str) -> bool:
    """True if a process of that number is running, on Linux."""
    try:
        state = Path("/proc", number, "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
