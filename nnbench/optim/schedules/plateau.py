"""The schedule that depends on validation losses."""

from dataclasses import dataclass, replace
from math import inf
from typing import Annotated, TypeAlias

import numpy as np

from nnbench.allowed import BELOW_ONE, BETWEEN, whole
from nnbench.engine.arrays import Array
from nnbench.optim.schedules.schedule import Multiplier, Schedule, steps_of_share

Epochs: TypeAlias = Annotated[int, replace(whole(0), words="a whole number of epochs, 0 or more")]


@dataclass(frozen=True)
class Plateau(Schedule):
    """The rate drops by a factor whenever the validation loss has not improved for a while.

    An improvement is a loss below best − threshold · |best|. After more than `patience` epochs in
    a row without one the rate drops; then `cooldown` epochs pass before they are counted again.
    Counting begins with the first epoch that ends after the warm-up.

    Reference: torch.optim.lr_scheduler.ReduceLROnPlateau with mode min, threshold_mode rel and
    eps 0, which takes best · (1 − threshold), the same for losses above zero.
    """

    factor: Annotated[float, BETWEEN] = 0.1
    """Multiplier at each drop."""
    patience: Epochs = 10
    """Epochs without an improvement before the rate falls."""
    threshold: Annotated[float, BELOW_ONE] = 1e-4
    """Share of the best loss by which another must be lower to be an improvement."""
    cooldown: Epochs = 0
    """Epochs after a drop that are not counted."""
    floor: Multiplier = 0.0
    """Multiplier below which the rate does not drop."""

    def after_warmup(self, progress: Array) -> Array:
        return np.ones_like(progress)

    def after_epochs(self, losses: Array, epochs: int) -> float:
        multiplier, bar = 1.0, inf
        waited = cooling = 0
        for loss in losses[steps_of_share(self.warmup, epochs) :].tolist():
            waited += 1
            if loss < bar:
                bar = loss - self.threshold * abs(loss)
                waited = 0
            if cooling:
                cooling -= 1
                waited = 0
            if waited > self.patience:
                multiplier = max(multiplier * self.factor, self.floor)
                waited, cooling = 0, self.cooldown
        return multiplier
