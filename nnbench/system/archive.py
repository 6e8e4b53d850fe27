"""Plain arrays in one .npz file, with a digest by which it is noticed if the file was changed.

The digest is for damage alone: it is keyed by nothing secret, so an attacker can work
it out.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from nnbench.system import atomic

DIGEST = "digest"
"""The array that holds it."""

MOST_BYTES = 2**28
"""Limit to what a small file may unpack to. Curves of three million epochs take as much."""


OVERHEAD = 2**14
"""Bytes beside the numbers of all arrays, at most."""


class DamagedError(ValueError):
    """A file that is not what was written."""


def write(file: Path, arrays: Mapping[str, Any], *, compressed: bool = False) -> IO[bytes]:
    """Write a file as a whole or not at all; returns it, open and locked until it is closed.

    Raises OSError.
    """
    # Anything larger could unfold to more than `load` takes from a small file.
    small = sum(np.asarray(array).nbytes for array in arrays.values()) <= MOST_BYTES - OVERHEAD
    save: Any = np.savez_compressed if compressed and small else np.savez
    return atomic.write(
        file, lambda stream: save(stream, **arrays, **{DIGEST: np.array(digest(arrays))})
    )


def read(file: Path) -> dict[str, Any]:
    """The arrays of a file that `write` wrote.

    Raises DamagedError if that was changed, OSError if reading fails.
    """
    arrays = load(file)
    stored = arrays.pop(DIGEST, None)
    if stored is None:
        raise DamagedError("has no digest")
    if str(stored) != digest(arrays):
        raise DamagedError("was changed")
    return arrays


def load(file: Path) -> dict[str, Any]:
    """The arrays of any .npz file; nothing in it is ever executed.

    Raises DamagedError if it is none or holds more than MOST_BYTES, OSError if reading fails.
    """
    with opened(file) as arrays:
        content = dict(arrays)
        # Of an entry that isn't called as arrays are, NumPy gives the bytes.
        if not all(isinstance(array, np.ndarray) for array in content.values()):
            raise DamagedError("contains something other than arrays")
        return content


def load_one(file: Path, name: str) -> Any:
    """One of these arrays, which takes a tenth of the time; None if there is none of that name."""
    with opened(file) as arrays:
        if name not in arrays:
            return None
        array = arrays[name]
        if not isinstance(array, np.ndarray):
            raise DamagedError("contains something other than arrays")
        return array


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """An .npz file, open; whatever goes wrong while it is read is a DamagedError or an OSError."""
    try:
        # Opened here, since NumPy leaves a damaged file open.
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            size = sum(entry.file_size for entry in arrays.zip.infolist())
            if size > max(MOST_BYTES, file.stat().st_size):
                raise DamagedError(f"would unpack to {size:,} bytes")
            yield arrays
    except (DamagedError, OSError):
        raise
    # Whatever libraries raise that meet bytes which no program wrote.
    except (Exception, MemoryError) as error:
        raise DamagedError("is damaged") from error


def digest(arrays: Mapping[str, Any]) -> str:
    """A text that any change of a name, type, shape or number changes."""
    hashed = hashlib.sha256()
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        kind = np.lib.format.dtype_to_descr(array.dtype)
        hashed.update(repr((name, kind, array.shape)).encode())
        hashed.update(array.tobytes())
    return hashed.hexdigest()
