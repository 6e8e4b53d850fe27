"""Values as the runs of a stack see them: standardised by each run's training set alone."""

from collections.abc import Iterator
from copy import copy
from typing import Self

import numpy as np
import numpy.typing as npt

from nnbench.engine.arrays import Array

PIECE = 50_000
"""Rows that are processed at a time."""

HALF = float(np.finfo(np.float64).max) / 2
"""The size below which no difference of two numbers is infinite."""

COPIES_BYTES = 64_000_000
"""Memory that the standardised copies of a stack may take together."""


class Standardised:
    """Values (rows, …, features) with mean 0 and deviation 1 in the training set of each run.

    A feature of images and sequences is a channel at all places together. By pixel, a rare pixel
    would be as loud as any other (digits, depth 3: a test accuracy of 0.9699 instead of 0.9799).

    Everything is computed in float64 from the values as they are, and rounded to `dtype` last, so
    that no digit depends on rows outside a run's training set or on the other runs. A missing
    value becomes 0, the mean. A feature that is constant in a training set is divided by
    `constant` instead.
    """

    def __init__(
        self, values: Array, training: Array, dtype: npt.DTypeLike, constant: float
    ) -> None:
        self.values = np.asarray(values, np.float64)
        self.dtype = np.dtype(dtype)
        of_runs = [moments(self.values, rows) for rows in training]
        self.mean, self.std = (np.stack(column) for column in zip(*of_runs, strict=True))
        """(runs, features)"""
        self.std[self.std == 0] = constant
        self.centre, self.spread = map(self.at_every_place, (self.mean, self.std))
        finite = (np.abs(self.values[piece]) < HALF for piece in pieces(len(values)))
        self.missing = not all(bool(np.all(block)) for block in finite)
        """True if any value is, or so large that differences may not be a number."""
        self.buffers: dict[tuple[int, ...], tuple[Array, Array]] = {}
        self.first_rows = len(values) * np.arange(len(training))[:, None]
        """Row at which the copy of each run begins."""
        self.copies: Array | None = None
        """(runs · rows, …): what each run sees, if memory allows."""
        if len(training) * self.values.size * self.dtype.itemsize <= COPIES_BYTES:
            self.copies = self.all_copies()

    def at_every_place(self, values: Array) -> Array:
        """(runs, features) as (runs, 1, *shape), where features are the last axis of the shape."""
        runs, features = values.shape
        shape = self.values.shape[1:]
        places = [1] * len(shape)
        # Written out for every place, since arithmetic on a few channels at a time is slow.
        return np.broadcast_to(values.reshape(runs, *places, features), (runs, 1, *shape)).copy()

    def all_copies(self) -> Array:
        """All values as each run sees them, one run after another."""
        runs, rows = len(self.mean), np.arange(len(self.values))
        copies = np.empty((runs, *self.values.shape), self.dtype)
        for run in range(runs):
            own = self.select(np.array([run]))
            for piece in pieces(len(rows)):
                own.compute(rows[None, piece], copies[run, None, piece])
        return copies.reshape(-1, *self.values.shape[1:])

    def select(self, runs: Array) -> Self:
        """The same for some of the runs, given by their positions."""
        chosen = copy(self)
        chosen.buffers = {}
        for name in ("mean", "std", "centre", "spread", "first_rows"):
            setattr(chosen, name, getattr(self, name)[runs])
        return chosen

    def gather(self, rows: Array, out: Array) -> None:
        """Fill `out`, (runs, batch, …), with what each run sees of its rows (runs, batch)."""
        if self.copies is None:
            self.compute(rows, out)
        else:
            # The clipping mode skips a check of every index, which takes as long as the copy.
            np.take(self.copies, rows + self.first_rows, axis=0, out=out, mode="clip")

    def compute(self, rows: Array, out: Array) -> None:
        """Fill `out` from the values."""
        exact, missing = self.buffers_for(rows.shape)
        np.take(self.values, rows, axis=0, out=exact, mode="clip")
        # Values far from all of the training set may be infinite in the lower precision.
        with np.errstate(over="ignore", invalid="ignore"):
            exact -= self.centre
            np.divide(exact, self.spread, out=out, casting="same_kind")
        if self.missing:
            np.copyto(out, 0, where=np.isnan(out, out=missing))

    def exact(self, rows: Array) -> Array:
        """Standardised values of each run's rows (runs, batch), in float64."""
        with np.errstate(over="ignore", invalid="ignore"):
            standardised: Array = (self.values[rows] - self.centre) / self.spread
        return standardised

    def buffers_for(self, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """Memory for numbers and for truth values, made at the first batch of that shape."""
        if shape not in self.buffers:
            full = (*shape, *self.values.shape[1:])
            self.buffers[shape] = np.empty(full), np.empty(full, bool)
        return self.buffers[shape]


def moments(values: Array, rows: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each feature in some rows, both (features,).

    `values` is (rows, …, features). Missing values count for neither. The deviation is 0 exactly
    where no two values differ, and neither overflows for any finite values.
    """

    def parts() -> Iterator[Array]:
        return (by_feature(values[rows[piece]]) for piece in pieces(len(rows)))

    # Comparing is exact, whereas rounding can give equal values a deviation.
    lowest = np.fmin.reduce([np.fmin.reduce(block) for block in parts()])
    highest = np.fmax.reduce([np.fmax.reduce(block) for block in parts()])
    half = highest / 2 - lowest / 2
    varied = half > 0
    middle, half = np.where(varied, lowest + half, lowest), np.where(varied, half, 1)
    # Between −1 and 1, no square is too large or too small for a float.
    counts = np.maximum(sum(np.sum(~np.isnan(block), axis=0) for block in parts()), 1)
    mean = sum(np.nansum((block - middle) / half, axis=0) for block in parts()) / counts
    squares = sum(np.nansum(((block - middle) / half - mean) ** 2, axis=0) for block in parts())
    std = np.where(varied, half * np.sqrt(squares / counts), 0)
    # A feature without any value has neither.
    return np.nan_to_num(middle + half * mean, nan=0.0), std


def pieces(rows: int) -> Iterator[slice]:
    """All rows, some at a time."""
    return (slice(start, start + PIECE) for start in range(0, rows, PIECE))


def by_feature(values: Array) -> Array:
    """Rows of any shape (rows, …, features) as (rows · places, features)."""
    return values.reshape(-1, values.shape[-1])
