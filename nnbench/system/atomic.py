"""Files that are there as a whole or not at all, however the process that writes them ends."""

import errno
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from nnbench.system import leftovers

PART = rf"-{leftovers.DRAWN}\.part"
"""Regular expression of what follows a file's stem while the file is written."""


def write(file: Path, save: Callable[[IO[bytes]], object], *, durable: bool = True) -> IO[bytes]:
    """Write a file with `save`, given a stream; returns that, open and locked until it is closed.

    The file is first written aside, as NAME-….part, and locked there. Unless `durable`, the system
    may lose it with its power. Raises OSError.
    """
    descriptor, aside = tempfile.mkstemp(".part", f"{file.stem}-", file.parent)
    stream = os.fdopen(descriptor, "w+b")
    try:
        with suppress(OSError):
            leftovers.lock(descriptor)
        save(stream)
        stream.flush()
        if durable:
            # A full disk may be noticed no earlier than this.
            os.fsync(descriptor)
        os.replace(aside, file)
    except BaseException:
        stream.close()
        Path(aside).unlink(missing_ok=True)
        raise
    return stream


def refuse_links(*directories: Path) -> None:
    """Raise OSError if a directory is a link, or below one in the working directory.

    A directory that was copied or cloned from elsewhere could redirect writes by its links.
    """
    for directory in directories:
        parents = () if directory.is_absolute() else directory.parents
        for path in (directory, *parents):
            if path.is_symlink():
                raise OSError(errno.ELOOP, f"{path} is a link, which may lead anywhere")
