"""Learning-rate schedules: the multiplier of the rate at a step, given all steps of a run.

Lengths are shares of the training, so that a schedule means the same at any number of epochs.
"""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class Schedule:
    """The course of the learning rate: a linear warm-up (Goyal et al. 2017), then `after_warmup`.

    Called with steps counted from 0 and the total number of steps, it returns their multipliers.
    """

    warmup: float = 0.0
    """Share of training over which the rate rises linearly from zero."""

    def __post_init__(self) -> None:
        if not 0 <= self.warmup < 1:
            raise ValueError(f"warmup={self.warmup}: must be a share of training, 0 to below 1")

    def __call__(self, step: Array, total: int) -> Array:
        length = int(self.warmup * total)
        after: Array = self.after_warmup(np.maximum(step - length, 0) / max(total - length, 1))
        if length == 0:
            return after
        return np.where(step < length, (step + 1) / (length + 1), after)

    def after_warmup(self, progress: Array) -> Array:
        """Multipliers at `progress`, 0 at the end of the warm-up and 1 at the end of training."""
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate throughout."""

    def after_warmup(self, progress: Array) -> Array:
        return np.ones_like(progress)


@dataclass(frozen=True)
class Step(Schedule):
    """The rate drops by a factor at equal distances; torch.optim.lr_scheduler.StepLR."""

    every: float = 1 / 3
    """Share of training (after the warm-up) between two drops."""
    factor: float = 0.1
    """Multiplier at each drop."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.every <= 1:
            raise ValueError(f"every={self.every}: must be a share of training, above 0 to 1")
        if not 0 < self.factor <= 1:
            raise ValueError(f"factor={self.factor}: must be a number above 0, at most 1")

    def after_warmup(self, progress: Array) -> Array:
        # A third of training, counted in steps, must not miss its drop by a rounding error.
        return self.factor ** np.floor(progress / self.every + 1e-9)


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from the full rate down to a floor (Loshchilov & Hutter 2017, no restarts).

    Reference: torch.optim.lr_scheduler.CosineAnnealingLR.
    """

    floor: float = 0.0
    """Multiplier at the end."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.floor <= 1:
            raise ValueError(f"floor={self.floor}: must be a number from 0 to 1")

    def after_warmup(self, progress: Array) -> Array:
        return self.floor + (1 - self.floor) * (1 + np.cos(np.pi * progress)) / 2
