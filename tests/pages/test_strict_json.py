"""Findings as JSON."""

import datetime
import json

import numpy as np
import pandas as pd
import pytest

from nnbench.pages.strict_json import as_json


def strict(text):
    def refused(name):
        raise AssertionError(name)

    return json.loads(text, parse_constant=refused)


def test_what_is_no_finite_number_is_null():
    data = {
        "a": float("nan"),
        "b": [float("inf"), -np.inf, np.float32("nan")],
        "c": pd.NA,
        "d": pd.NaT,
    }

    assert strict(as_json(data)) == {"a": None, "b": [None] * 3, "c": None, "d": None}


def test_numpy_and_pandas_become_plain():
    data = {
        "array": np.arange(4).reshape(2, 2), "number": np.int64(3), "yes": np.bool_(True),
        "table": pd.DataFrame({"x": [1.5, np.nan], "y": ["a", None]}),
        "column": pd.Series([1, 2]), "tuple": (1, "a"), "set": {"b", "a"},
        "day": datetime.date(2024, 1, 2), 3: None,
    }  # fmt: skip

    assert strict(as_json(data)) == {
        "array": [[0, 1], [2, 3]], "number": 3, "yes": True,
        "table": [{"x": 1.5, "y": "a"}, {"x": None, "y": None}],
        "column": [1, 2], "tuple": [1, "a"], "set": ["a", "b"], "day": "2024-01-02", "3": None,
    }  # fmt: skip


def test_same_data_same_text_in_any_order():
    assert as_json({"b": 1, "a": {"d": 0.1, "c": "ü"}}) == as_json(
        {"a": {"c": "ü", "d": 0.1}, "b": 1}
    )
    assert as_json({"b": 1, "a": [2]}) == '{\n "a": [\n  2\n ],\n "b": 1\n}\n'


@pytest.mark.parametrize(
    ("data", "error"), [({1: 0, "1": 0}, ValueError), ({"x": object()}, TypeError)]
)
def test_what_has_no_place_is_refused(data, error):
    with pytest.raises(error):
        as_json(data)
