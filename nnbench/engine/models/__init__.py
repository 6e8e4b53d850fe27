"""Kinds of network: each a function that lists its layers, from the input to the outputs."""

from nnbench.engine.models.mlp import mlp

__all__ = ["mlp"]
