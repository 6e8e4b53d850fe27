"""Memory for data, estimated before they are generated or read."""

import lzma
import zipfile
import zlib
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from nnbench.data.opening import decompressed
from nnbench.system.limits import (
    GB,
    LimitError,
    allowed_memory,
    amount_text,
    free_memory,
    require_memory,
)

COPIES = 3
"""Copies of the numbers held at once: as they are read, as inputs, and as a worker has them."""

ROW_BYTES = 400
"""Bytes a row that sets, orders and outputs of some runs take, beside its numbers."""

PIECE = 2**22
"""Bytes of a compressed file that are read at a time."""

USUAL_RATIO = 100
"""Largest plausible compression factor of training data."""

HARMLESS = 2**28
"""Bytes up to which it doesn't matter how much smaller they were."""


def existing(option: str, path: str) -> Path:
    """The file that an option names.

    Raises ValueError if there is none, LimitError if there is no memory for what it holds.
    """
    file = Path(str(path)).expanduser()
    try:
        if not file.is_file():
            what = "is a directory, not a file" if file.is_dir() else "no such file"
            raise ValueError(
                f"{option}={path}: {'is no regular file' if is_special(file) else what}"
            )
    except OSError as error:
        raise ValueError(f"{option}={path}: {error.strerror}") from error
    require_room_for_file(option, path, file)
    return file


def is_special(file: Path) -> bool:
    """True for a pipe, a device or a socket, which could block a reader."""
    return file.is_fifo() or file.is_char_device() or file.is_block_device() or file.is_socket()


def require_room(rows: int, numbers: float, **options: object) -> None:
    """Raise LimitError unless there is memory for so many rows of so many numbers.

    It names the largest of the options.
    """
    require_memory(rows * (8.0 * COPIES * min(numbers, 1e200) + ROW_BYTES), options)


def require_room_for_file(option: str, path: str, file: Path) -> None:
    """Raise LimitError unless there is memory for what a file holds, decompressed.

    A file that is far smaller than its content is taken for one that is made to fill memory, unless
    a limit says how much may be taken.
    """
    free = free_memory()
    limit, compressed = allowed_memory(), file.stat().st_size
    most = limit or min(free, max(HARMLESS, USUAL_RATIO * compressed))
    size = content_size(file, most)
    if size <= most:
        return
    if limit or size > free:
        raise LimitError(option, path, "memory", size / GB, most / GB)
    holds = f"holds more than {amount_text(size / GB)} GB, over {USUAL_RATIO} times its own size"
    raise LimitError(option, path, "memory", free / GB, free / GB, holds)


def content_size(file: Path, most: float) -> float:
    """Bytes that a file holds, or more than `most` as soon as it is more; 0 of a damaged one.

    Errors of a damaged file are raised when it is read.
    """
    with suppress(
        ImportError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile
    ):
        if zipfile.is_zipfile(file):
            # No more than that is ever read of an entry.
            with zipfile.ZipFile(file) as archive:
                return sum(entry.file_size for entry in archive.infolist())
        size = 0
        with decompressed(file) as content:
            if isinstance(content, BufferedReader):
                # Not compressed.
                return file.stat().st_size
            while size <= most and (piece := content.read(PIECE)):
                size += len(piece)
        return size
    return 0
