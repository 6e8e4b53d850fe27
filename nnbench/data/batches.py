"""Batches for a stack of runs: gathered by row number, standardised for each run."""

from collections.abc import Sequence
from copy import copy
from dataclasses import astuple
from typing import Self

import numpy as np
import numpy.typing as npt

from nnbench.data.dataset import Dataset
from nnbench.data.run_scaling import Scaling
from nnbench.data.split import Split
from nnbench.data.standardised import Standardised
from nnbench.engine.arrays import Array


class Batches:
    """One data set as seen by a stack of runs, each with a split of its own.

    Inputs, and targets of a regression, are standardised with the mean and standard deviation of
    the run's own training set: those of each feature, which of images and sequences are the
    channels, at all places together. A missing number becomes that mean. Classes become one-hot
    rows.
    """

    def __init__(self, data: Dataset, splits: Sequence[Split], dtype: npt.DTypeLike) -> None:
        self.task = data.task
        self.dtype = np.dtype(dtype)
        self.in_shape = data.x.shape[1:]
        self.outputs = data.outputs
        x, y = data.x, data.y
        if data.drawn or data.train_rows:
            # Of a large pool, the rows that no run has would only take time and memory.
            used_rows, splits = renumbered(splits)
            x, y = x[used_rows], y[used_rows]
        self.train = np.stack([split.train for split in splits])
        self.validation = np.stack([split.validation for split in splits])
        self.test = np.stack([split.test for split in splits])
        # A feature that is constant in the training set has no scale of its own, and nothing can
        # be learnt of it: whatever the other sets hold is left out.
        self.x = Standardised(x, self.train, dtype, constant=np.inf)
        self.y: Standardised | None = None
        if data.task == "classification":
            self.classes = np.eye(data.classes, dtype=dtype)[y]
        else:
            self.y = Standardised(y, self.train, dtype, constant=1)

    @property
    def y_unit(self) -> Array:
        """One unit of the targets that the network sees, in the data's own, (runs, outputs)."""
        return np.ones((len(self.train), self.outputs)) if self.y is None else self.y.std

    def select(self, runs: Array) -> Self:
        """The same for some of the runs, given by their positions."""
        chosen = copy(self)
        for name in ("train", "validation", "test"):
            setattr(chosen, name, getattr(self, name)[runs])
        chosen.x = self.x.select(runs)
        chosen.y = self.y and self.y.select(runs)
        return chosen

    def scaling(self, run: int) -> Scaling:
        """The scales of the run at that position."""
        centre = np.zeros_like(self.y_unit) if self.y is None else self.y.mean
        return Scaling(self.x.mean[run], self.x.std[run], centre[run], self.y_unit[run])

    def gather(self, rows: Array, x: Array, targets: Array) -> None:
        """Fill `x` and `targets`, (runs, batch, …), with the rows (runs, batch)."""
        self.x.gather(rows, x)
        if self.y is None:
            np.take(self.classes, rows, axis=0, out=targets, mode="clip")
        else:
            self.y.gather(rows, targets)


def renumbered(splits: Sequence[Split]) -> tuple[Array, list[Split]]:
    """The rows of some splits, sorted, and the splits with the rows' places among them."""
    used_rows = np.unique(np.concatenate([np.concatenate(astuple(split)) for split in splits]))
    return used_rows, [
        Split(*(np.searchsorted(used_rows, rows) for rows in astuple(s))) for s in splits
    ]
