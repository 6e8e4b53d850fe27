"""Checks of a component: gradients, references, descents, stacks, restarts."""

from nnbench.verification.check import Check
from nnbench.verification.verify import verify

__all__ = ["Check", "verify"]
