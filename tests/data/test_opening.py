"""Files as text, whatever they are packed in, encoded as and called."""

import bz2
import gzip
import lzma
import os
import zipfile

import pytest

from nnbench.data.memory_needed import existing
from nnbench.data.opening import check_encoding, opened, stem

TEXT = "a,b\n1,2\n" * 20_000


def content(file, encoding=None):
    with opened(file, encoding) as text:
        return text.read()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_content_says_how_it_is_compressed_not_name(tmp_path, pack):
    (tmp_path / "data.csv").write_bytes(pack(TEXT.encode()))

    assert content(tmp_path / "data.csv") == TEXT


def test_system_files_in_an_archive_are_ignored(tmp_path):
    with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
        for name in ("__MACOSX/._d.csv", "folder/", ".DS_Store", "Thumbs.db"):
            archive.writestr(name, "\0")
        archive.writestr("folder/d.csv", TEXT)

    assert content(tmp_path / "mac.zip") == TEXT


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a.csv", "b.csv"], "must hold one file, this one holds a.csv, b.csv"),
        (["__MACOSX/a"], "this one holds none"),
        (["[Content_Types].xml", "xl/workbook.xml"], "an Excel workbook"),
    ],
)
def test_an_archive_of_something_else_is_named(tmp_path, names, message):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "x")

    with pytest.raises(ValueError, match=message):
        content(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("encoding", "message"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("utf-32", None),
     ("gbk", "gbk"), ("utf-16-le", "utf-16-le"), ("utf-8-sig", "utf-8")],
)  # fmt: skip
def test_text_in_any_encoding(tmp_path, encoding, message):
    (tmp_path / "猫.csv").write_bytes("长度,种类\n1,猫\n".encode(encoding))

    assert content(tmp_path / "猫.csv", message) == "长度,种类\n1,猫\n"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"\xd0\xcf\x11\xe0", "an Excel workbook; save its sheet as CSV"),
        (b"ARROW1", "save it as Parquet"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "NUL bytes"),
        ("a,b\n1,2\n".encode("utf-16-le"), "dataset.encoding=utf-16-le"),
    ],
)
def test_what_is_no_text_is_named(tmp_path, head, message):
    (tmp_path / "data.csv").write_bytes(head)

    with pytest.raises(ValueError, match=message):
        content(tmp_path / "data.csv")


@pytest.mark.parametrize("encoding", ["utf-99", "base64", "", 5])
def test_an_encoding_must_be_one_of_text(encoding):
    with pytest.raises(ValueError, match=f"encoding={encoding}: must be an encoding"):
        check_encoding(encoding)


def test_a_pipe_or_device_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", "/dev/zero"):
        with pytest.raises(ValueError, match="is no regular file"):
            existing("path", str(path))
    with pytest.raises(ValueError, match="File name too long"):
        existing("path", "x" * 5000)


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/houses.csv.gz", "houses"), ("data.v2.csv", "data.v2"), ("x.PQ", "x"), ("猫.tsv", "猫"),
     ("plain", "plain"), (".csv", ".csv")],
)  # fmt: skip
def test_file_is_called_by_its_name_without_endings(path, name):
    assert stem(path) == name
