"""Standardised values, in full precision; of large data never all at once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import StandardScaler

from nnbench.engine.arrays import Array

PIECE = 50_000
"""Rows that are standardised at a time."""


class Standardised:
    """Values (rows, …, features) with mean 0 and deviation 1 in each feature; what is NaN stays so.

    Small ones are worked out once; of large ones, rows are when they are asked for.
    """

    def __init__(self, values: Array) -> None:
        self.values = values
        self.scaler: Any = StandardScaler()
        for piece in pieces(len(values)):
            take_in(self.scaler, by_feature(values[piece]))
        self.whole = self.scaled(values) if len(values) <= PIECE else None

    def __getitem__(self, rows: Array | slice) -> Array:
        return self.scaled(self.values[rows]) if self.whole is None else self.whole[rows]

    def scaled(self, values: Array) -> Array:
        """Some of the values, standardised."""
        made: Array = self.scaler.transform(by_feature(values)).reshape(values.shape)
        return made

    def astype(self, dtype: npt.DTypeLike) -> Array:
        """All of them, in some precision."""
        if self.whole is not None:
            return self.whole.astype(dtype)
        made = np.empty(self.values.shape, dtype)
        for piece in pieces(len(made)):
            made[piece] = self[piece]
        return made

    def moments(self, parts: Array, dtype: npt.DTypeLike) -> tuple[Array, Array, Array]:
        """Mean and deviation (or 1) of each part of the rows, and where there is only one value.

        `parts` is (runs, rows); the first two are (runs, 1, features), the third (runs, features).
        What is missing counts for none of them.
        """
        means, stds, constant = [], [], []
        for rows in parts:
            own, lowest, highest = StandardScaler(), np.inf, -np.inf
            for piece in pieces(len(rows)):
                part = by_feature(self[rows[piece]])
                take_in(own, part)
                lowest = np.fmin(lowest, np.fmin.reduce(part))
                highest = np.fmax(highest, np.fmax.reduce(part))
            means.append(own.mean_)
            stds.append(own.scale_)
            # As is a feature of which the part has no number at all.
            constant.append(~(highest > lowest))
        mean, std = (np.stack(found)[:, None].astype(dtype) for found in (means, stds))
        return mean, std, np.stack(constant)


def take_in(scaler: Any, part: Array) -> None:
    """Let a scaler see some more rows, (rows, features), of which a feature may have no number.

    Its own `partial_fit` would make NaN of such a feature, whatever it has seen or will see of it.
    """
    empty = np.isnan(np.fmin.reduce(part))
    before = {
        name: np.broadcast_to(getattr(scaler, name, at_first), empty.shape).copy()
        for name, at_first in UNSEEN.items()
    }
    with np.errstate(invalid="ignore"):
        scaler.partial_fit(part)
    if empty.any():
        for name, values in before.items():
            setattr(scaler, name, np.where(empty, values, getattr(scaler, name)))


UNSEEN = {"n_samples_seen_": 0, "mean_": 0.0, "var_": 0.0, "scale_": 1.0}
"""What a scaler knows of a feature of which it has seen nothing."""


def pieces(rows: int) -> Iterator[slice]:
    """All rows, some at a time."""
    return (slice(start, start + PIECE) for start in range(0, rows, PIECE))


def by_feature(values: Array) -> Array:
    """Rows of any shape (rows, …, features) as (rows · places, features)."""
    return values.reshape(-1, values.shape[-1])
