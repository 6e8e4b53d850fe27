"""The members of every schedule, and what its options allow."""

from dataclasses import dataclass, replace
from typing import Annotated, TypeAlias

import numpy as np

from nnbench import allowed
from nnbench.engine.arrays import Array

Length: TypeAlias = Annotated[
    float, replace(allowed.ABOVE_ZERO, words="a share of training, above 0 to 1")
]
StartingShare: TypeAlias = Annotated[
    float, replace(allowed.BELOW_ONE, words="a share of training, 0 to below 1")
]
Factor: TypeAlias = Annotated[float, allowed.ABOVE_ZERO]
Multiplier: TypeAlias = Annotated[float, allowed.SHARE]
Positive: TypeAlias = Annotated[float, allowed.POSITIVE]

ROUNDING = 1e-9
"""A share of training, counted in steps, must not miss its step by a rounding error."""


@dataclass(frozen=True)
class Schedule(allowed.Checked):
    """The course of the learning rate: a linear warm-up (Goyal et al. 2017), then `after_warmup`.

    Called with steps counted from 0 and the total number of steps, it returns their multipliers.
    """

    warmup: StartingShare = 0.0
    """Share of training over which the rate rises linearly from zero."""

    def __call__(self, step: Array, total: int) -> Array:
        length = steps_of_share(self.warmup, total)
        progress = self.progress(np.maximum(step - length, 0), max(total - length, 1))
        after: Array = self.after_warmup(progress)
        if length == 0:
            return after
        # Up to where the rest begins, which is the full rate for all but those that cycle.
        return np.where(step < length, (step + 1) / (length + 1) * after, after)

    def progress(self, step: Array, steps: int) -> Array:
        """Share of the steps after the warm-up that is over at `step`, counted from 0."""
        return step / steps

    def after_warmup(self, progress: Array) -> Array:
        """Multipliers at `progress`, 0 at the end of the warm-up and 1 at the end of training."""
        raise NotImplementedError

    def after_epochs(self, losses: Array, epochs: int) -> float:
        """One more multiplier for all steps of the next epoch, by what has been measured.

        `losses` are those of the validation set after each epoch so far, of `epochs` in all.
        Nothing else may enter into it: a run that goes on from a checkpoint has its curves only.
        """
        return 1.0


def steps_of_share(share: float, total: int) -> int:
    """The whole steps, or epochs, in a share of training."""
    return int(share * total + ROUNDING)
