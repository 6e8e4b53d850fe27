"""What was found as JSON, for machines."""

import json
import math
from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np
import pandas as pd


def as_json(data: Any) -> str:
    """Strict JSON, the same for the same data: sorted keys, null for what is no finite number.

    Takes mappings, sequences and sets (sorted), arrays, tables (a record for each row), columns,
    numbers, text, dates and None. Raises TypeError for anything else, and ValueError where two keys of a
    mapping are written alike.
    """
    return json.dumps(plain(data), allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def plain(value: Any) -> Any:
    """The value as JSON's own kinds."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        named = {str(plain(key)): plain(inner) for key, inner in value.items()}
        if len(named) < len(value):
            raise ValueError(f"keys {list(value)}: two of them are written alike")
        return dict(sorted(named.items()))
    if isinstance(value, pd.DataFrame):
        return [plain(record) for record in value.to_dict("records")]
    if isinstance(value, pd.Series | pd.Index | np.ndarray):
        return [plain(inner) for inner in value.tolist()]
    if isinstance(value, Set):
        return sorted(map(plain, value))
    if isinstance(value, Sequence):
        return [plain(inner) for inner in value]
    if value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be written as JSON")
