"""A package of a user's, which knows nnbench and isn't known to it."""

from mypackage.optimizer import ClippedMomentum

__all__ = ["ClippedMomentum"]
