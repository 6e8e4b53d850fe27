"""Path of the predictor in models that were logged before it moved to assembly/."""

from nnbench.assembly.predictor import load

__all__ = ["load"]
