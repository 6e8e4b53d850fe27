"""Reads the reference figures that make.py has written."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnbench.engine.arrays import Array


@cache
def read(name: str) -> tuple[dict[str, Array], dict[str, dict[str, Any]]]:
    """The arrays of a file, and by the names of the cases which option each is for."""
    with np.load(Path(__file__).with_name(f"{name}.npz")) as file:
        arrays = dict(file)
    cases = json.loads(str(arrays.pop("cases")))
    for key, case in cases.items():
        arrays[case["name"]] = arrays.pop(key)
    return arrays, {case["name"]: case for case in cases.values()}


def cases(name: str) -> list[str]:
    """Names of the cases of a file."""
    return list(read(name)[1])
