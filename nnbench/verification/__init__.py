"""Whether a component does what it says: gradients, references, descents, stacks, restarts."""

from nnbench.verification.check import Check
from nnbench.verification.verify import verify

__all__ = ["Check", "verify"]
