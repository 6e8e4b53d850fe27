"""Averages of the parameters over training, which are evaluated in their place.

An average is the weights with which the parameters after each step enter into it:

    average ← average + weight · (params − average)

Training goes on from the parameters as if there were none. What layers measure, as batch
normalisation does, is averaged likewise, but where an optimizer evaluates other parameters than it
trains: there it is measured anew with the average.
"""

from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np

from nnbench.allowed import BELOW_ONE, Checked
from nnbench.engine.arrays import Array
from nnbench.optim.schedules.schedule import StartingShare, steps_of_share


class Average(Protocol):
    """The weights of an average."""

    def __call__(self, step: Array, epoch_steps: int, epochs: int) -> Array:
        """Weights at `step`, counted from 0, of `epochs` of so many steps each."""


@dataclass(frozen=True)
class EMA(Checked):
    """Exponential moving average, whose weight is 1 − decay, from the first step on.

    Reference: torch.optim.swa_utils.get_ema_multi_avg_fn.
    """

    decay: Annotated[float, BELOW_ONE] = 0.99
    """Share of the average kept at each step."""

    def __call__(self, step: Array, epoch_steps: int, epochs: int) -> Array:
        return np.where(step == 0, 1.0, 1 - self.decay)


@dataclass(frozen=True)
class SWA(Checked):
    """Stochastic weight averaging: the plain mean of what epochs end with (Izmailov et al. 2018).

    Before the average begins, and in its first epoch, it is what the epoch ended with. Reference:
    torch.optim.swa_utils.AveragedModel.
    """

    start: StartingShare = 0.75
    """Share of the epochs after which the average begins."""

    def __call__(self, step: Array, epoch_steps: int, epochs: int) -> Array:
        epoch, within = np.divmod(step, epoch_steps)
        averaged = np.maximum(epoch - steps_of_share(self.start, epochs), 0) + 1
        return np.where(within == epoch_steps - 1, 1 / averaged, 0.0)
