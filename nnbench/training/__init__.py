"""Training: gradient descent on a stack of runs that do not notice each other."""

from nnbench.training.loop import Stack, train

__all__ = ["Stack", "train"]
