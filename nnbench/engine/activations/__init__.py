"""Activation functions, each with its derivative, by families."""

from nnbench.engine.activations.activation import Activation, reads_slope, steepest
from nnbench.engine.activations.elementary import Identity, Sine
from nnbench.engine.activations.rectifiers import ELU, SELU, LeakyReLU, ReLU
from nnbench.engine.activations.sigmoids import HardSigmoid, Sigmoid, Softsign, Tanh
from nnbench.engine.activations.smooth import GELU, GELUTanh, Mish, SiLU, Softplus

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "GELUTanh",
    "HardSigmoid",
    "Identity",
    "LeakyReLU",
    "Mish",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Sine",
    "Softplus",
    "Softsign",
    "Tanh",
    "reads_slope",
    "steepest",
]
