"""Schedules that rise again, or for the first time."""

from dataclasses import dataclass, replace
from math import inf
from typing import Annotated

import numpy as np

from nnbench.allowed import BETWEEN, number
from nnbench.engine.arrays import Array
from nnbench.optim.schedules.schedule import ROUNDING, Factor, Length, Multiplier, Schedule

LENGTHENING = number("a finite number, 1 or more", lambda value: 1 <= value < inf)
PEAK = replace(BETWEEN, words="a share of training, above 0 and below 1")


@dataclass(frozen=True)
class CosineRestarts(Schedule):
    """Half a cosine down to a floor, over and over (SGDR, Loshchilov & Hutter 2017).

        floor + (1 − floor) · (1 + cos(π · share of the present period that is over)) / 2

    As it stands, three periods of 1, 2 and 4 sevenths end with training.
    Reference: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
    """

    period: Length = 1 / 7
    """Share of training (after the warm-up) up to the first restart."""
    lengthening: Annotated[float, LENGTHENING] = 2.0
    """Length of each period, relative to the one before."""
    floor: Multiplier = 0.0
    """Multiplier at the end of each period."""

    def after_warmup(self, progress: Array) -> Array:
        # In units of the first period, n periods take (lengthening ^ n − 1) / (lengthening − 1).
        place, more = progress / self.period, self.lengthening - 1
        if more:
            number = np.floor(np.log1p(place * more) / np.log1p(more) + ROUNDING)
            place = (place - np.expm1(number * np.log1p(more)) / more) / self.lengthening**number
        else:
            place = place - np.floor(place + ROUNDING)
        return self.floor + (1 - self.floor) * (1 + np.cos(np.pi * np.maximum(place, 0))) / 2


@dataclass(frozen=True)
class OneCycle(Schedule):
    """One rise to the full rate and one longer, deeper fall (1cycle, Smith & Topin 2018).

        start + (1 − start) · (1 − cos(π · progress / peak)) / 2                      up to the peak
        floor + (1 − floor) · (1 + cos(π · (progress − peak) / (1 − peak))) / 2       after it

    `lr` is the rate at the peak. Of N steps the last has the floor, and step peak · N, counted from
    1, the full rate. Reference: torch.optim.lr_scheduler.OneCycleLR; the momentum, which Smith &
    Topin and torch lower while the rate is high, stays as it is.
    """

    peak: Annotated[float, PEAK] = 0.3
    """Share of training (after the warm-up) at which the rate is highest."""
    start: Multiplier = 0.04
    """Multiplier at the beginning; 1 / div_factor in torch."""
    floor: Multiplier = 4e-6
    """Multiplier at the end; 1 / (div_factor · final_div_factor) in torch."""

    def progress(self, step: Array, steps: int) -> Array:
        """Share of training, in which the last step is the end and the highest is at `peak`."""
        highest = self.peak * steps - 1
        fallen = (step - highest) / (steps - 1 - highest)
        # Of so few steps that the first comes after the peak none rises.
        risen = step / highest if highest > 0 else 1.0
        return np.where(step < highest, self.peak * risen, self.peak + (1 - self.peak) * fallen)

    def after_warmup(self, progress: Array) -> Array:
        rise = (1 - np.cos(np.pi * progress / self.peak)) / 2
        fall = (1 + np.cos(np.pi * (progress - self.peak) / (1 - self.peak))) / 2
        return np.where(
            progress < self.peak,
            self.start + (1 - self.start) * rise,
            self.floor + (1 - self.floor) * fall,
        )


@dataclass(frozen=True)
class Cyclic(Schedule):
    """Straight up to the full rate and down again, over and over (triangular, Smith 2017).

        floor + (1 − floor) · factor ^ cycle · (1 − |2 · share of the cycle that is over − 1|)

    `lr` is the highest rate. Reference: torch.optim.lr_scheduler.CyclicLR, whose momentum stays as
    it is; a factor of 1 is its mode triangular, of 0.5 triangular2.
    """

    period: Length = 0.25
    """Share of training (after the warm-up) that a cycle, up and down, takes."""
    floor: Multiplier = 0.25
    """Multiplier at the beginning and the end of each cycle."""
    factor: Factor = 1.0
    """Ratio of each cycle's height above the floor to that of the one before."""

    def after_warmup(self, progress: Array) -> Array:
        place = progress / self.period
        cycle = np.floor(place + ROUNDING)
        height: Array = self.factor**cycle * (1 - np.abs(2 * np.maximum(place - cycle, 0) - 1))
        return self.floor + (1 - self.floor) * height
