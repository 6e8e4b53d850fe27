"""Schedules that fall smoothly, at once or at the end."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.optim.schedules.schedule import (
    Factor,
    Length,
    Multiplier,
    Positive,
    Schedule,
    StartingShare,
)


@dataclass(frozen=True)
class Exponential(Schedule):
    """The rate shrinks by the same factor at every step, down to a floor.

        floor ^ progress

    Reference: torch.optim.lr_scheduler.ExponentialLR with gamma = floor ^ (1 / steps).
    """

    floor: Factor = 0.01
    """Multiplier at the end."""

    def after_warmup(self, progress: Array) -> Array:
        return self.floor**progress


@dataclass(frozen=True)
class Polynomial(Schedule):
    """A power of what is left of training (Chen et al. 2015, DeepLab), down to a floor.

        floor + (1 − floor) · (1 − progress) ^ power

    A power of 1 is the straight line. Reference: torch.optim.lr_scheduler.PolynomialLR, and
    LinearLR for its floor.
    """

    power: Positive = 1.0
    """Exponent; the higher, the sooner the rate falls."""
    floor: Multiplier = 0.0
    """Multiplier at the end."""

    def after_warmup(self, progress: Array) -> Array:
        return self.floor + (1 - self.floor) * (1 - progress) ** self.power


@dataclass(frozen=True)
class InverseSqrt(Schedule):
    """The rate falls with the root of the steps taken (Vaswani et al. 2017).

        1 / √(1 + progress / timescale)

    It is theirs, min(step ^ −½, step · W ^ −1½) · √W, if the W-th of N steps is the first after the
    warm-up and timescale = W / (N − W + 1).
    """

    timescale: Positive = 0.1
    """Share of training (after the warm-up) after which the rate is down to 1/√2."""

    def after_warmup(self, progress: Array) -> Array:
        return 1 / np.sqrt(1 + progress / self.timescale)


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from the full rate down to a floor (Loshchilov & Hutter 2017, no restarts).

    Reference: torch.optim.lr_scheduler.CosineAnnealingLR.
    """

    floor: Multiplier = 0.0
    """Multiplier at the end."""

    def after_warmup(self, progress: Array) -> Array:
        return self.floor + (1 - self.floor) * (1 + np.cos(np.pi * progress)) / 2


@dataclass(frozen=True)
class WarmupStableDecay(Schedule):
    """Warm-up, then the full rate for most of training, then a decay (WSD, Hu et al. 2024).

        1                                     up to progress = 1 − decay
        floor + (1 − floor) · (1 − progress) / decay      from there on

    Hu et al. leave the form of the decay open; it is a straight line here, as Hägele et al. (2024)
    recommend. Reference: torch's LinearLR, ConstantLR and LinearLR in a SequentialLR.
    """

    warmup: StartingShare = 0.05
    """Share of training over which the rate rises linearly from zero."""
    decay: Length = 0.2
    """Share of training (after the warm-up), at its end, over which the rate falls."""
    floor: Multiplier = 0.0
    """Multiplier at the end."""

    def after_warmup(self, progress: Array) -> Array:
        return self.floor + (1 - self.floor) * np.minimum((1 - progress) / self.decay, 1)
