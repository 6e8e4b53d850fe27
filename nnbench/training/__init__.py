"""Training: gradient descent on a stack of runs that do not notice each other."""

from nnbench.training.loop import train
from nnbench.training.stack import Stack

__all__ = ["Stack", "train"]
