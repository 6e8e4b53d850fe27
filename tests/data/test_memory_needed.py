"""Data are refused before they are made or read if there is no memory for them."""

import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.data import memory_needed
from nnbench.run.errors import ConfigError
from nnbench.system import limits
from nnbench.system.limits import LimitError, allowing

GB = 10**9

HUGE = 10**9

TOO_LARGE = [
    ("moons", "samples"),
    ("circles", "samples"),
    ("blobs", "samples"),
    ("blobs", "n_features"),
    ("blobs", "centers"),
    ("classification", "samples"),
    ("classification", "n_features"),
    ("gaussian_quantiles", "samples"),
    ("gaussian_quantiles", "n_features"),
    ("hastie", "samples"),
    ("regression", "samples"),
    ("regression", "n_features"),
    ("regression", "+n_targets"),
    ("friedman1", "samples"),
    ("friedman1", "n_features"),
    ("friedman2", "samples"),
    ("friedman3", "samples"),
    ("swiss_roll", "samples"),
    ("s_curve", "samples"),
    ("xor", "samples"),
    ("parity", "samples"),
    ("parity", "bits"),
    ("parity", "distractors"),
    ("sawtooth", "samples"),
    ("composition", "samples"),
    ("spirals", "samples"),
    ("checkerboard", "samples"),
    ("checkerboard", "dimensions"),
    ("deep_linear", "samples"),
    ("deep_linear", "features"),
    ("deep_relu", "samples"),
    ("deep_relu", "features"),
    ("deep_relu", "teacher_width"),
    ("temporal_parity", "samples"),
    ("temporal_parity", "steps"),
    ("adding", "samples"),
    ("adding", "steps"),
    ("copy", "samples"),
    ("copy", "length"),
    ("copy", "gap"),
    ("dyck", "samples"),
    ("dyck", "kinds"),
    ("dyck", "length"),
    ("mnist1d", "samples"),
    ("waveforms", "samples"),
    ("waveforms", "steps"),
]


@pytest.fixture(autouse=True)
def small_machine(monkeypatch):
    """A machine with 8 GB free."""
    monkeypatch.setattr(memory_needed, "free_memory", lambda: 8 * GB)
    monkeypatch.setattr(limits, "free_memory", lambda: 8 * GB)


def load(*words):
    return build.dataset(nnbench.compose(list(words)).dataset)


@pytest.mark.parametrize(("dataset", "option"), TOO_LARGE)
@pytest.mark.parametrize("size", [HUGE, 10**18])
def test_too_large_generated_data_are_never_made(dataset, option, size):
    key = f"dataset.{option.lstrip('+')}={size}"
    with pytest.raises(LimitError) as refused:
        load(f"dataset={dataset}", f"+{key}" if option[0] == "+" else key)
    assert str(refused.value).startswith(f"{key}: takes about ")
    assert "GB of memory, 8 GB available; limits.memory=" in str(refused.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["dataset=deep_relu", "dataset.teacher_depth=1000000000"], "number, 1 to 1000"),
        (["dataset=dyck", "dataset.length=40000"], "must be at most 30000 with samples=1000"),
        (["dataset=moons", "dataset.samples=1e8"], "dataset.samples=100000000: takes about 66 GB"),
        (["dataset=copy", "dataset.length=1e9"], "dataset.length=1000000000: takes about 72,000"),
        (["dataset=moons", "dataset.samples=1.5"], "dataset.samples=1.5: must be a whole number"),
    ],
)
def test_endless_or_fractional_sizes_are_refused(words, message):
    with pytest.raises(ValueError, match=message):
        load(*words)


def test_usual_sizes_are_made_in_little_memory(monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: GB // 10)
    for dataset in dict(TOO_LARGE):
        assert len(load(f"dataset={dataset}").x) >= 1000


def test_long_words_are_distinguished_without_counting_all():
    assert load("dataset=dyck", "dataset.length=400", "dataset.samples=20").x.shape[1:] == (400, 4)


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Writes a table of 16 MB, compressed."""
    monkeypatch.chdir(tmp_path)  # Long paths are cut off in errors.
    content = b"x,y\n" + b"1,0\n2,1\n" * 2_000_000

    def write(opened, suffix):
        file = Path(f"table.csv{suffix}")
        with opened(file, "wb") as out:
            out.write(content)
        return file

    return write


def csv(file, *words):
    return ["dataset=csv", f"dataset.path={file}", "dataset.target=y", *words]


@pytest.mark.parametrize(
    ("opened", "suffix"), [(gzip.open, ".gz"), (bz2.open, ".bz2"), (lzma.open, ".xz")]
)
def test_memory_filling_table_is_refused(table, monkeypatch, opened, suffix):
    monkeypatch.setattr(memory_needed, "HARMLESS", 10**7)
    monkeypatch.setattr("nnbench.data.csv_files.pieces", None)
    file = table(opened, suffix)
    with pytest.raises(LimitError) as refused:
        load(*csv(file))
    assert str(refused.value).startswith(f"dataset.path={file}: holds more than 0.01")
    assert str(refused.value).endswith("times its own size; limits.memory=8 allows it")


def test_limit_says_how_much_a_file_may_hold(table, monkeypatch):
    monkeypatch.setattr(memory_needed, "HARMLESS", 10**7)
    file = table(gzip.open, ".gz")
    with allowing(0.01), pytest.raises(LimitError, match=r"limits\.memory="):
        memory_needed.require_room_for_file("path", str(file), file)
    with allowing(1):
        memory_needed.require_room_for_file("path", str(file), file)


def test_archive_is_refused_by_what_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_needed, "HARMLESS", 10**7)
    file = tmp_path / "arrays.npz"
    np.savez_compressed(file, x=np.zeros((1000, 2000)), y=np.arange(1000) % 2)
    monkeypatch.setattr("numpy.load", None)
    with pytest.raises(LimitError, match=r"holds more than 0\.016 GB, over 100 times its own size"):
        load("dataset=npz", f"dataset.path={file}")


def test_small_numbers_count_at_their_final_size(tmp_path, monkeypatch):
    file = tmp_path / "bytes.npz"
    np.savez(file, x=np.ones((1000, 4000), np.uint8), y=np.arange(1000) % 2)
    monkeypatch.setattr(limits, "free_memory", lambda: 50_000_000)
    with pytest.raises(LimitError, match=r"dataset\.path=.*takes about 0.096 GB of memory"):
        load("dataset=npz", f"dataset.path={file}")


def test_usual_files_are_read_however_they_are_compressed(tmp_path):
    rows = "x,y\n" + "".join(f"{i},{i % 2}\n" for i in range(40))
    for suffix, opened in ((".gz", gzip.open), (".bz2", bz2.open), (".xz", lzma.open), ("", open)):
        file = tmp_path / f"small.csv{suffix}"
        with opened(file, "wt") as out:
            out.write(rows)
        assert memory_needed.content_size(file, 1e9) == len(rows)
        assert len(load(*csv(file)).x) == 40
    with zipfile.ZipFile(tmp_path / "small.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small.csv", rows)
    assert memory_needed.content_size(tmp_path / "small.csv.zip", 1e9) == len(rows)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip"])
def test_damaged_file_is_left_to_its_reader(tmp_path, suffix):
    file = tmp_path / f"damaged.csv{suffix}"
    file.write_bytes(b"PK\x03\x04 this is none")
    with pytest.raises(ConfigError, match="reading it failed"):
        load(*csv(file))


def test_text_yields_no_more_numbers_than_memory(tmp_path):
    file = tmp_path / "mail.csv"
    pd.DataFrame({"body": ["a b", "c d"] * 20, "spam": [0, 1] * 20}).to_csv(file, index=False)
    words = ["dataset=csv", f"dataset.path={file}", "dataset.target=spam", "dataset.text=body"]
    with pytest.raises(LimitError, match=r"^dataset.text_features=1000000000: takes about 960 GB"):
        load(*words, "dataset.text_features=1000000000")


def test_a_table_that_is_too_wide_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "words.csv"
    pd.DataFrame({"w": [f"w{i}" for i in range(900)], "y": [0, 1, 2] * 300}).to_csv(
        file, index=False
    )
    monkeypatch.setattr(limits, "free_memory", lambda: 10_000_000)
    with pytest.raises(LimitError, match=r"^dataset.drop=\[\]: takes about 0.02 GB of memory"):
        load(*csv(file))


def test_memory_filling_file_is_refused_whatever_its_name(table, monkeypatch):
    monkeypatch.setattr(memory_needed, "HARMLESS", 10**7)
    monkeypatch.setattr("nnbench.data.csv_files.pieces", None)
    file = table(gzip.open, ".gz").rename(table(open, "").with_name("t.csv"))
    with pytest.raises(LimitError, match="times its own size"):
        load(*csv(file))
