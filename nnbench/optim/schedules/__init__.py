"""Learning-rate schedules: the multiplier of the rate at a step, given all steps of a run.

Lengths are shares of the training, so that a schedule means the same at any number of epochs.
"""

from nnbench.optim.schedules.cycles import CosineRestarts, Cyclic, OneCycle
from nnbench.optim.schedules.decays import (
    Cosine,
    Exponential,
    InverseSqrt,
    Polynomial,
    WarmupStableDecay,
)
from nnbench.optim.schedules.piecewise import Constant, MultiStep, Step
from nnbench.optim.schedules.plateau import Plateau
from nnbench.optim.schedules.schedule import Schedule

__all__ = [
    "Constant",
    "Cosine",
    "CosineRestarts",
    "Cyclic",
    "Exponential",
    "InverseSqrt",
    "MultiStep",
    "OneCycle",
    "Plateau",
    "Polynomial",
    "Schedule",
    "Step",
    "WarmupStableDecay",
]
