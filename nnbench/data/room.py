"""Room for data: how much memory they will take, asked before they are made or read."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from nnbench.limits import (
    GB,
    LimitError,
    allowed_memory,
    free_memory,
    require_memory,
    shown,
)

COPIES = 3
"""How often numbers are held at once: as they are read, as inputs, and as a worker has them."""

ROW_BYTES = 400
"""What the parts, orders and outputs of some runs take for each row, beside its numbers."""

PIECE = 2**22
"""Bytes of a compressed file that are looked at at a time."""

USUAL_RATIO = 100
"""How many times smaller compression makes data that somebody wants to learn from, at most."""

HARMLESS = 2**28
"""Bytes up to which it doesn't matter how much smaller they were."""

OPENERS: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


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
    holds = f"holds more than {shown(size / GB)} GB, over {USUAL_RATIO} times its own size"
    raise LimitError(option, path, "memory", free / GB, free / GB, holds)


def content_size(file: Path, most: float) -> float:
    """Bytes that a file holds, or more than `most` as soon as it is more; 0 of a damaged one.

    Whoever reads a damaged file says what is wrong with it.
    """
    with suppress(OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile):
        if zipfile.is_zipfile(file):
            # No more than that is ever read of an entry.
            with zipfile.ZipFile(file) as archive:
                return sum(entry.file_size for entry in archive.infolist())
        if file.suffix not in OPENERS:
            return file.stat().st_size
        size = 0
        with OPENERS[file.suffix](file) as content:
            while size <= most and (piece := content.read(PIECE)):
                size += len(piece)
        return size
    return 0
