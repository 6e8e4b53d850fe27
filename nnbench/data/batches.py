"""Batches for a stack of runs: gathered by row number, standardised on the way."""

from collections.abc import Sequence
from copy import copy
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import StandardScaler

from nnbench.data.dataset import Dataset
from nnbench.data.split import Split
from nnbench.engine.arrays import Array


class Batches:
    """One data set as seen by a stack of runs, each with a split of its own.

    All runs share one copy of the data. Inputs, and targets of a regression, are standardised with
    the mean and standard deviation of the run's own training part; classes become one-hot rows.
    """

    def __init__(self, data: Dataset, splits: Sequence[Split], dtype: npt.DTypeLike) -> None:
        self.task = data.task
        self.dtype = np.dtype(dtype)
        self.in_shape = data.x.shape[1:]
        self.outputs = data.outputs
        self.train = np.stack([split.train for split in splits])
        self.validation = np.stack([split.validation for split in splits])
        self.test = np.stack([split.test for split in splits])
        # Scaling the shared copy as a whole keeps its digits in the lower precision and changes
        # nothing else: every run standardises it again, with its own training part.
        x = StandardScaler().fit_transform(data.x)
        self.x = x.astype(dtype)
        self.x_mean, x_std = self.standard_moments(x)
        constant = np.stack([np.ptp(x[rows], axis=0) == 0 for rows in self.train])[:, None]
        # A feature that is constant in the training part has no scale of its own, and nothing can
        # be learnt of it; whatever the other parts hold is left out.
        self.x_factor = np.where(constant, 0, 1 / x_std).astype(dtype)
        if data.task == "classification":
            self.targets = np.eye(data.classes, dtype=dtype)[data.y]
            self.y_mean, self.y_std = np.zeros((len(splits), 1, 1)), np.ones((len(splits), 1, 1))
            self.y_unit = self.y_std
            """What one unit of the targets that the network sees is in the data's own units."""
        else:
            # As for x: the shared copy is scaled as a whole, to keep its digits.
            scaler = StandardScaler()
            y = scaler.fit_transform(data.y)
            self.targets = y.astype(dtype)
            self.y_mean, self.y_std = self.standard_moments(y)
            self.y_unit = self.y_std * scaler.scale_

    def standard_moments(self, values: Array) -> tuple[Array, Array]:
        """Mean and standard deviation (or 1, if constant) of each run's training part."""
        scalers = [StandardScaler().fit(values[rows]) for rows in self.train]
        means = np.stack([scaler.mean_ for scaler in scalers])[:, None]
        return means.astype(self.dtype), np.stack([s.scale_ for s in scalers])[:, None].astype(
            self.dtype
        )

    def select(self, runs: Array) -> Self:
        """The same for some of the runs, given by their positions."""
        chosen = copy(self)
        names = ("x_mean", "x_factor", "y_mean", "y_std", "y_unit")
        for name in ("train", "validation", "test", *names):
            setattr(chosen, name, getattr(self, name)[runs])
        return chosen

    def gather(self, rows: Array, x: Array, targets: Array) -> None:
        """Fill `x` and `targets`, (runs, batch, …), with the rows (runs, batch)."""
        # The clipping mode skips a check of every index, which takes as long as the copy.
        np.take(self.x, rows, axis=0, out=x, mode="clip")
        x -= self.x_mean
        x *= self.x_factor
        np.take(self.targets, rows, axis=0, out=targets, mode="clip")
        if self.task == "regression":
            targets -= self.y_mean
            targets /= self.y_std
