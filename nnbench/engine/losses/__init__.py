"""Losses: of distances, and of classes."""

from nnbench.engine.losses.classification import (
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    Hinge,
    PoissonNegativeLogLikelihood,
)
from nnbench.engine.losses.loss import Loss
from nnbench.engine.losses.regression import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError

__all__ = [
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Focal",
    "Hinge",
    "Huber",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "PoissonNegativeLogLikelihood",
]
