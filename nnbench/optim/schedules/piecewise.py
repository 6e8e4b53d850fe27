"""Schedules that keep the rate, but for drops."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

import numpy as np

from nnbench.allowed import Allowed
from nnbench.engine.arrays import Array
from nnbench.optim.schedules.schedule import ROUNDING, Factor, Length, Schedule


def are_increasing_shares(values: Any) -> bool:
    """True if there are values, all between 0 and 1 and increasing."""
    edges = [0, *values, 1]
    return len(edges) > 2 and all(lower < other for lower, other in pairwise(edges))


MILESTONES = Allowed(
    "a list of increasing shares of training, each above 0 and below 1", are_increasing_shares
)


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate throughout."""

    def after_warmup(self, progress: Array) -> Array:
        return np.ones_like(progress)


@dataclass(frozen=True)
class Step(Schedule):
    """The rate drops by a factor at equal distances; torch.optim.lr_scheduler.StepLR."""

    every: Length = 1 / 3
    """Share of training (after the warm-up) between two drops."""
    factor: Factor = 0.1
    """Multiplier at each drop."""

    def after_warmup(self, progress: Array) -> Array:
        return self.factor ** np.floor(progress / self.every + ROUNDING)


@dataclass(frozen=True)
class MultiStep(Schedule):
    """The rate drops by a factor at each of some milestones (as in He et al. 2016).

        factor ^ (number of milestones passed)

    Reference: torch.optim.lr_scheduler.MultiStepLR.
    """

    milestones: Annotated[Sequence[float], MILESTONES] = (0.5, 0.75)
    """Shares of training (after the warm-up) at which the rate drops."""
    factor: Factor = 0.1
    """Multiplier at each drop."""

    def after_warmup(self, progress: Array) -> Array:
        return self.factor ** np.searchsorted(
            np.asarray(self.milestones, float), progress + ROUNDING, side="right"
        ).astype(float)
