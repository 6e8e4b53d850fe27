"""Files as text: compressed or not, alone in an archive or not, in any encoding."""

import bz2
import codecs
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path, PurePath, PurePosixPath
from typing import IO, Any

HEAD = 1 << 16
"""Bytes at the beginning of a file that say what it is."""

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks, the longer before the shorter, and the encodings that begin with them."""

OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"\x28\xb5\x2f\xfd": lambda file: import_module("zstandard").open(file, "rb"),
}
"""First bytes of compressed files, and what opens them."""

OTHERS = {
    b"\xd0\xcf\x11\xe0": "an Excel workbook; save its sheet as CSV",
    b"ARROW1": "an Arrow file; save it as Parquet",
    b"\x89HDF": "an HDF5 file; save its table as Parquet or CSV",
    b"SQLite format 3": "a database; save its table as CSV",
    b"%PDF": "a PDF document",
}
"""First bytes of what is no table of text, and what it is."""


ENDINGS = {".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".parquet", ".pq", ".npz", ".tar",
           ".tgz", ".gz", ".bz2", ".xz", ".zip", ".zst"}  # fmt: skip
"""Endings that say what kind of file one is, and nothing of what it is about."""


def stem(path: object) -> str:
    """The name of a file, without the folder it is in and its endings."""
    name = PurePath(str(path)).name
    while PurePath(name).suffix.lower() in ENDINGS:
        name = PurePath(name).stem
    return name


def begins_with(file: Path, magic: bytes) -> bool:
    """True if a file begins with these bytes."""
    with file.open("rb") as raw:
        return raw.read(len(magic)) == magic


def check_encoding(encoding: object) -> None:
    """Raise ValueError unless it is None, or an encoding of text that Python knows."""
    try:
        # Python has codecs of bytes, such as zip, as well.
        valid = encoding is None or codecs.lookup(str(encoding))._is_text_encoding
    except (LookupError, ValueError):
        valid = False
    if not valid:
        allowed = "must be an encoding that Python knows, such as cp1252 or gbk, or null for UTF-8"
        raise ValueError(f"encoding={encoding}: {allowed}")


@contextmanager
def opened(file: Path, encoding: str | None = None) -> Iterator[IO[str]]:
    """The text of a file. Raises ValueError if it holds something else."""
    with ExitStack() as stack:
        raw = io.BufferedReader(unpacked(file, stack), HEAD)
        head = raw.peek(HEAD)
        for magic, kind in OTHERS.items():
            if head.startswith(magic):
                raise ValueError(f"it is {kind}")
        marked = next((name for bom, name in BOMS.items() if head.startswith(bom)), None)
        if (
            marked is None
            and b"\0" in head
            and not codecs.lookup(encoding or "ascii").name.startswith("utf")
        ):
            raise ValueError("it has NUL bytes, so it is no text (or dataset.encoding=utf-16-le)")
        # A mark at the beginning is no part of the text, whatever its encoding is called.
        with io.TextIOWrapper(raw, marked or encoding or "utf-8", newline="") as text:
            yield text


def unpacked(file: Path, stack: ExitStack) -> Any:
    """The bytes of a file, or of the only one in an archive, which the stack closes."""
    with file.open("rb") as raw:
        head = raw.read(8)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        archive = stack.enter_context(zipfile.ZipFile(file))
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        if "[Content_Types].xml" in names:
            raise ValueError("it is an Excel workbook; save its sheet as CSV")
        return stack.enter_context(archive.open(only(names)))
    if {".tar", ".tgz", ".tbz2", ".txz"} & set(file.suffixes):
        members = stack.enter_context(tarfile.TarFile.open(file))
        inner = members.extractfile(only([member.name for member in members if member.isfile()]))
        return stack.enter_context(inner or io.BytesIO())
    return stack.enter_context(decompressed(file))


def decompressed(file: Path) -> Any:
    """The bytes of a file, whose first ones say whether and how it is compressed."""
    with file.open("rb") as raw:
        head = raw.read(8)
    openers = (opener for magic, opener in OPENERS.items() if head.startswith(magic))
    return next(openers, lambda file: file.open("rb"))(file)


def only(names: Sequence[str]) -> str:
    """The one file of an archive, besides what systems leave there. Raises ValueError if not."""
    files = [
        name
        for name in names
        if not any(
            folder == "__MACOSX" or folder.startswith(".") for folder in PurePosixPath(name).parts
        )
        and PurePosixPath(name).name not in ("Thumbs.db", "desktop.ini")
    ]
    if len(files) != 1:
        listing = ", ".join(files[:5]) + (", …" if len(files) > 5 else "") if files else "none"
        raise ValueError(f"an archive must hold one file, this one holds {listing}")
    return files[0]
