"""Metrics, parameters and tags as MLflow has them, without MLflow, whose import takes seconds."""

import math
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from nnbench.run.config import Scalar
from nnbench.track.stored_text import storable


class Metric(NamedTuple):
    """A point of a curve."""

    key: str
    value: float
    timestamp: int
    """Milliseconds since the epoch."""
    step: int


class Param(NamedTuple):
    """A setting of a run."""

    key: str
    value: str


class Tag(NamedTuple):
    """A text about a run."""

    key: str
    value: str


def as_metrics(points: Iterable[tuple[str, float, int]], time_ms: int) -> list[Metric]:
    """Points (name, value, step) as MLflow has them; only the finite ones."""
    return [
        # SQLite would keep a number of NumPy's as bytes.
        Metric(name, float(value), time_ms, int(step))
        for name, value, step in points
        if math.isfinite(value)
    ]


def params(values: Mapping[str, Scalar]) -> list[Param]:
    """Parameters as MLflow has them: text, with null where there is no value."""
    return [
        Param(name, "null" if value is None else storable(str(value)))
        for name, value in values.items()
    ]


def now() -> int:
    """Milliseconds since the epoch."""
    return int(1000 * time.time())
