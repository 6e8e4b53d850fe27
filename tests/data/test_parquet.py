"""Parquet: every type is a number, a word, or named with what to do."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nnbench.data import csv_files
from nnbench.run.errors import ConfigError
from tests.data.test_files import loaded

ROWS = np.arange(60)
GAP = np.where(ROWS == 3, np.nan, 0)
DAY = dt.date(1970, 1, 1)
COLUMNS = {
    "text": ([str(i / 4) for i in range(60)], ROWS / 4),
    "decimal": ([Decimal(f"{i}.25") for i in range(60)], ROWS + 0.25),
    "bool": ([None if i == 3 else i % 2 == 0 for i in range(60)], GAP + 1 - ROWS % 2),
    "date": ([None if i == 3 else DAY + dt.timedelta(i) for i in range(60)], GAP + ROWS),
    "moment": ([dt.datetime(1970, 1, 1) + dt.timedelta(hours=i) for i in range(60)], ROWS / 24),
    "zone": (pa.array([i * 3600 for i in range(60)], pa.timestamp("s", "Asia/Tokyo")), ROWS / 24),
    "passed": ([dt.timedelta(hours=i) for i in range(60)], ROWS / 24),
    "time": ([dt.time(i % 24) for i in range(60)], ROWS % 24 / 24),
    "whole": (pa.array([None if i == 3 else i for i in range(60)], pa.int8()), GAP + ROWS),
    "half": (pa.array(np.arange(60).astype(np.float16)), ROWS),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_each_type_is_numbers(tmp_path, monkeypatch, name):
    monkeypatch.setattr(csv_files, "ROWS", 7)
    values, expected = COLUMNS[name]
    pq.write_table(pa.table({"a": values, "y": ROWS % 3}), tmp_path / "a.pq")
    data = loaded(tmp_path / "a.pq", "y")

    np.testing.assert_allclose(data.x, np.asarray(expected, float)[:, None], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["decimal", "date", "moment", "text"])
def test_each_type_of_number_can_be_learnt(tmp_path, name):
    values, expected = COLUMNS[name]
    values = [DAY + dt.timedelta(i) for i in range(60)] if name == "date" else values
    expected = ROWS if name == "date" else expected
    pq.write_table(pa.table({"a": ROWS % 7, "y": values}), tmp_path / "a.parquet")
    data = loaded(tmp_path / "a.parquet", "y", task="regression")

    np.testing.assert_allclose(data.y[:, 0], expected, rtol=0, atol=1e-12)


def test_declared_categories_stay_so_and_bytes_are_words(tmp_path):
    words = pa.array([["1", "2"][i % 2] for i in range(60)])
    columns = {"c": words.dictionary_encode(), "b": words.cast(pa.binary()), "n": pa.nulls(60)}
    pq.write_table(pa.table({**columns, "y": ROWS % 3}), tmp_path / "a.parquet")
    data = loaded(tmp_path / "a.parquet", "y", drop=["b"])

    np.testing.assert_array_equal(data.x, np.stack([1 - ROWS % 2, ROWS % 2], axis=1))
    assert "left out, with nothing in it: n" in data.note
    np.testing.assert_array_equal(loaded(tmp_path / "a.parquet", "y").x[:, 2], 1 + ROWS % 2)


def test_lists_in_cells_are_refused_with_advice(tmp_path):
    nested = {"list": [[1, 2]] * 60, "struct": [{"a": 1}] * 60}
    pq.write_table(pa.table({"a": ROWS % 7, **nested, "y": ROWS % 3}), tmp_path / "a.parquet")

    message = r"'list' \(list<.*'struct' .*flatten.*drop=\[list,struct\]"
    with pytest.raises(ConfigError, match=message):
        loaded(tmp_path / "a.parquet", "y")
    assert loaded(tmp_path / "a.parquet", "y", drop=["list", "struct"]).x.shape == (60, 1)


def test_parquet_is_recognised_and_its_index_dropped(tmp_path):
    frame = pd.DataFrame({"a": ROWS % 7, "y": ROWS % 3}, index=pd.Index(ROWS * 2, name="id"))
    frame.to_parquet(tmp_path / "a.csv")

    assert loaded(tmp_path / "a.csv", "y").x.shape == (60, 1)


def test_text_file_beside_it_has_the_same_columns(tmp_path):
    days = pd.date_range("1970-01-01", periods=60)
    frame = pd.DataFrame({"d": days, "w": ["u", "v"] * 30, "y": ROWS % 3})
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_csv(tmp_path / "t.csv", index=False)
    data = loaded(tmp_path / "a.parquet", "y", test_path=str(tmp_path / "t.csv"))

    np.testing.assert_array_equal(data.x[60:], data.x[:60])
    np.testing.assert_array_equal(data.x[:60, 0], ROWS)
