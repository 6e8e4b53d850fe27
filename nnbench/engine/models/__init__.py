"""Kinds of network: each lists its layers, from the input to the outputs."""

from nnbench.engine.models.cnn import CNN
from nnbench.engine.models.mlp import MLP
from nnbench.engine.models.model import Model
from nnbench.engine.models.rnn import RNN

__all__ = ["CNN", "MLP", "RNN", "Model"]
