"""Strict JSON of arrays, tables and anything else that a page holds, for machines."""

import json
import math
from collections.abc import Mapping, Set
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from nnbench.safety.sanitize import in_json


def as_json(data: Any) -> str:
    """Strict JSON, the same for the same data: sorted keys, null for what is no finite number.

    Takes mappings, lists and tuples, sets (sorted), arrays, tables (a record for each row),
    columns, numbers, text, dates and None. Raises TypeError for anything else, and ValueError
    where two keys of a mapping are written alike.
    """
    return in_json(json.dumps(plain(data), allow_nan=False, ensure_ascii=False, indent=1)) + "\n"


def plain(value: Any) -> Any:
    """The value as JSON's own kinds."""
    if isinstance(value, pd.DataFrame):
        value = value.to_dict("records")
    elif isinstance(value, np.generic | np.ndarray | pd.Series | pd.Index):
        value = value.tolist()
    elif isinstance(value, Set):
        value = sorted(value)
    if isinstance(value, Mapping):
        return mapping(value)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    """A mapping by text, in its order."""
    named = {str(plain(key)): plain(inner) for key, inner in value.items()}
    if len(named) < len(value):
        raise ValueError(f"keys {list(value)}: two of them are written alike")
    return dict(sorted(named.items()))
