"""Dropout."""

import numpy as np

from nnbench.allowed import BELOW_ONE, require
from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan


class Dropout(Layer):
    """While training, y = x / (1 − rate) for some of the numbers, and 0 for a share `rate` of them.

    Which ones is tossed anew in every pass; afterwards y = x (Srivastava et al. 2014). Reference:
    torch.nn.Dropout.
    """

    def __init__(self, rate: float) -> None:
        require("rate", rate, BELOW_ONE)
        self.rate = rate

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        return Plan(in_shape)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.chance = work.chance
        self.factor, self.y = work.activations(in_shape), work.activations(in_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        if not train:
            return x
        for stream, factor in zip(self.chance, self.factor, strict=True):
            stream.random(dtype=factor.dtype, out=factor)
        np.greater_equal(self.factor, self.rate, out=self.factor)
        self.factor *= 1 / (1 - self.rate)
        return np.multiply(x, self.factor, out=self.y)

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        dy *= self.factor
        return dy
