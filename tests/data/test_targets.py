"""Targets: whole numbers stay whole, names stay as they are written."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.utils import Bunch

from nnbench.assembly import build
from nnbench.data import csv_files, openml
from nnbench.run.errors import ConfigError
from tests.build_small import component
from tests.data.test_csv_files import table
from tests.data.test_files import loaded, npz
from tests.data.test_files import written as written

LARGE = [1234567890123456788, 1234567890123456789, 1234567890123499999]
UNSIGNED = [2**63 - 1, 2**64 - 2, 2**64 - 1]
HUGE = [-(10**30), 10**30, 10**30 + 1]
NAMES = tuple(map(str, LARGE))


def labels(values):
    return [values[i % 3] for i in range(90)]


@pytest.mark.parametrize("values", [LARGE, UNSIGNED, HUGE, [-5, 2**64 - 2, 2**64 - 1]])
def test_whole_numbers_of_a_csv_are_never_rounded(written, monkeypatch, values):
    monkeypatch.setattr(csv_files, "ROWS", 7)
    data = loaded(written(table("x,y", lambda i: f"{i % 7},{values[i % 3]}", 90)), "y")

    assert data.class_names == tuple(map(str, values))
    np.testing.assert_array_equal(data.y, np.arange(90) % 3)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(labels(LARGE)),
        pa.array(labels(UNSIGNED), pa.uint64()),
        pa.array(labels(HUGE), pa.decimal128(38, 0)),
        pa.array(list(map(str, labels(LARGE)))),
        pa.array(labels(["007", "07", "7"])),
        pa.array(pd.array(labels(LARGE), dtype="Int64")),
    ],
)
def test_whole_numbers_of_parquet_are_never_rounded(tmp_path, column):
    pq.write_table(pa.table({"x": np.arange(90) % 7, "y": column}), tmp_path / "a.parquet")
    data = loaded(tmp_path / "a.parquet", "y")

    assert data.class_names == tuple(map(str, column.to_pylist()[:3]))
    np.testing.assert_array_equal(data.y, np.arange(90) % 3)


def test_whole_numbers_of_arrays_are_never_rounded(tmp_path):
    x, y = np.arange(90.0)[:, None] % 7, np.array(labels(LARGE))
    path = npz(tmp_path, x=x, y=y, x_test=x, y_test=y.astype(np.uint64))

    data = loaded(path, option="npz")

    assert (data.name, data.class_names) == ("data", NAMES)
    np.testing.assert_array_equal(data.y, np.arange(180) % 90 % 3)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "uint64"])
def test_whole_numbers_of_openml_are_never_rounded(monkeypatch, dtype):
    frame = pd.DataFrame({"a": np.arange(90) % 7, "y": pd.array(labels(LARGE), dtype=dtype)})
    frame["b"] = pd.Categorical(labels(["1", "2", "10"]))
    bunch = Bunch(frame=frame, target_names=["y"], details={"id": "61", "name": "pets"})
    monkeypatch.setattr(openml, "fetch_openml", lambda **arguments: bunch)
    chosen = component("dataset", "openml")

    data = build.dataset(
        type(chosen)(chosen.name, chosen.target, {**chosen.options, "data_id": 61})
    )

    # A nominal column is none of numbers, whatever its words are.
    assert (data.name, data.class_names, data.x.shape) == ("pets", NAMES, (90, 4))


def test_classes_that_floats_have_merged_are_refused(tmp_path):
    frame = pd.DataFrame({"x": np.arange(90) % 7, "y": labels([1e17, 2e17, 3e17])})
    frame.to_parquet(tmp_path / "f.parquet")
    with pytest.raises(ConfigError, match=r"target=y: classes beyond 2\^53 must be whole numbers"):
        loaded(tmp_path / "f.parquet", "y")


def test_codes_of_digits_are_classes_of_their_own(written):
    zeros = loaded(written(table("x,y", lambda i: f"{i % 5},{('007', '7', '07')[i % 3]}")), "y")
    post = loaded(written(table("x,y", lambda i: f"{i % 5},{('94110', '01234')[i % 2]}")), "y")

    assert zeros.class_names == ("007", "07", "7")
    assert post.class_names == ("01234", "94110")


def test_two_notations_of_a_number_are_one_class(written):
    data = loaded(written(table("x,y", lambda i: f"{i % 5},{('1', '1.0', '2')[i % 3]}")), "y")

    assert (data.classes, data.class_names) == (2, ("1.0", "2.0"))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (lambda i: f'"0,{i:02d}"', "60 classes in 60 rows.*numbers with \"dataset.decimal=','\""),
        (lambda i: f"{1 + i % 28}.{1 + i // 28}.2024", "dates written as 2024-01-31 are numbers"),
    ],
)
def test_one_class_per_row_is_refused_with_advice(written, cell, message):
    with pytest.raises(ConfigError, match=message):
        loaded(written(table("x,y", lambda i: f"{i % 5},{cell(i)}")), "y")


def test_nearly_as_many_classes_as_rows_are_said(written):
    rows = table("x,y", lambda i: f"{i % 5},k{i // 2}")
    test = written(table("x,y", lambda i: f"{i % 5},k{i // 2}"), "t.csv")

    assert "y has 30 classes in 120 rows" not in loaded(written(rows), "y", test_path=test).note
    few = written(table("x,y", lambda i: f"{i % 5},k{i // 2}", 4), "f.csv")
    assert "y has 30 classes in 64 rows" in loaded(written(rows), "y", test_path=few).note


def test_a_date_to_be_learnt_is_a_number(written):
    rows = table("x,y", lambda i: f"{i % 5},1970-{1 + i // 28:02d}-{1 + i % 28:02d}")
    data = loaded(written(rows), "y")

    assert data.task == "regression"
    np.testing.assert_array_equal(data.y[27:30, 0], [27, 31, 32])
