"""Optimizers around another, whichever it is."""

from nnbench.optim.wrappers.lookahead import Lookahead
from nnbench.optim.wrappers.sam import SAM

__all__ = ["SAM", "Lookahead"]
