"""The members of every schedule, and the checks of its options."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from nnbench.engine.arrays import Array

ROUNDING = 1e-9
"""A share of training, counted in steps, must not miss its step by a rounding error."""


@dataclass(frozen=True)
class Schedule:
    """The course of the learning rate: a linear warm-up (Goyal et al. 2017), then `after_warmup`.

    Called with steps counted from 0 and the total number of steps, it returns their multipliers.
    """

    warmup: float = 0.0
    """Share of training over which the rate rises linearly from zero."""

    def __post_init__(self) -> None:
        require("warmup", self.warmup, "a share of training, 0 to below 1", lambda w: 0 <= w < 1)

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


def require(name: str, value: object, allowed: str, fits: Callable[[Any], bool]) -> None:
    """Raise ValueError unless the value of the option `name` fits."""
    try:
        good = fits(value)
    except TypeError:  # A word has no place among numbers.
        good = False
    if not good:
        raise ValueError(f"{name}={value}: must be {allowed}")


def require_length(name: str, value: object) -> None:
    """Raise ValueError unless 0 < value ≤ 1."""
    require(name, value, "a share of training, above 0 to 1", lambda share: 0 < share <= 1)


def require_factor(name: str, value: object) -> None:
    """Raise ValueError unless 0 < value ≤ 1."""
    require(name, value, "a number above 0, at most 1", lambda factor: 0 < factor <= 1)


def require_multiplier(name: str, value: object) -> None:
    """Raise ValueError unless 0 ≤ value ≤ 1."""
    require(name, value, "a number from 0 to 1", lambda multiplier: 0 <= multiplier <= 1)


def require_positive(name: str, value: object) -> None:
    """Raise ValueError unless 0 < value < ∞."""
    require(name, value, "a finite number above 0", lambda number: 0 < number < inf)
