"""Batches for a stack of runs: gathered by row number, standardised on the way."""

from collections.abc import Sequence
from copy import copy
from typing import Self

import numpy as np
import numpy.typing as npt

from nnbench.data.dataset import Dataset
from nnbench.data.scaling import Scaling
from nnbench.data.split import Split
from nnbench.data.standardised import Standardised, pieces
from nnbench.engine.arrays import Array


class Batches:
    """One data set as seen by a stack of runs, each with a split of its own.

    All runs share one copy of the data. Inputs, and targets of a regression, are standardised with
    the mean and standard deviation of the run's own training part: those of each feature, which of
    images and sequences are the channels, at all places together. A number that is missing becomes
    that mean. Classes become one-hot rows.
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
        standard = Standardised(data.x)
        self.x_scaler = standard.scaler
        self.x = standard.astype(dtype)
        self.missing = any(bool(np.isnan(self.x[piece]).any()) for piece in pieces(len(self.x)))
        """Whether any number is."""
        self.masks: dict[tuple[int, ...], Array] = {}
        mean, std, constant = standard.moments(self.train, dtype)
        # A feature that is constant in the training part has no scale of its own, and nothing can
        # be learnt of it; whatever the other parts hold is left out.
        factor = np.where(constant[:, None], 0, 1 / std).astype(dtype)
        # Written out for every place, since arithmetic on a few channels at a time is slow.
        self.x_mean, self.x_factor = (self.at_every_place(values) for values in (mean, factor))
        if data.task == "classification":
            self.targets = np.eye(data.classes, dtype=dtype)[data.y]
            self.y_mean, self.y_std = np.zeros((len(splits), 1, 1)), np.ones((len(splits), 1, 1))
            self.y_unit = self.y_std
            """What one unit of the targets that the network sees is in the data's own units."""
            self.y_centre = self.y_mean
            """What 0 is there."""
        else:
            # As for x: the shared copy is scaled as a whole, to keep its digits.
            standard = Standardised(data.y)
            self.targets = standard.astype(dtype)
            self.y_mean, self.y_std, _ = standard.moments(self.train, dtype)
            self.y_unit = self.y_std * standard.scaler.scale_
            self.y_centre = self.y_mean * standard.scaler.scale_ + standard.scaler.mean_

    def at_every_place(self, values: Array) -> Array:
        """What is (runs, 1, features), as (runs, 1, *in_shape)."""
        runs, _, features = values.shape
        places = [1] * len(self.in_shape)
        shape = (runs, 1, *self.in_shape)
        return np.broadcast_to(values.reshape(runs, *places, features), shape).copy()

    def select(self, runs: Array) -> Self:
        """The same for some of the runs, given by their positions."""
        chosen = copy(self)
        names = ("x_mean", "x_factor", "y_mean", "y_std", "y_unit", "y_centre")
        for name in ("train", "validation", "test", *names):
            setattr(chosen, name, getattr(self, name)[runs])
        return chosen

    def scaling(self, run: int) -> Scaling:
        """The scales of the run at that position."""
        return Scaling(
            x_centre=self.x_scaler.mean_,
            x_spread=self.x_scaler.scale_,
            x_mean=self.x_mean[run],
            x_factor=self.x_factor[run],
            y_centre=self.y_centre[run, 0],
            y_unit=self.y_unit[run, 0],
        )

    def gather(self, rows: Array, x: Array, targets: Array) -> None:
        """Fill `x` and `targets`, (runs, batch, …), with the rows (runs, batch)."""
        # The clipping mode skips a check of every index, which takes as long as the copy.
        np.take(self.x, rows, axis=0, out=x, mode="clip")
        x -= self.x_mean
        x *= self.x_factor
        if self.missing:
            np.copyto(x, 0, where=np.isnan(x, out=self.mask(x.shape)))
        np.take(self.targets, rows, axis=0, out=targets, mode="clip")
        if self.task == "regression":
            targets -= self.y_mean
            targets /= self.y_std

    def mask(self, shape: tuple[int, ...]) -> Array:
        """Memory for one truth value a number, made at the first batch of that shape."""
        if shape not in self.masks:
            self.masks[shape] = np.empty(shape, bool)
        return self.masks[shape]
