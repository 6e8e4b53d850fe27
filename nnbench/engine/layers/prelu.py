"""The rectifier that learns its slope."""

from math import prod

import numpy as np

from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan


class PReLU(Layer):
    """y = x where x > 0, slope · x elsewhere, with one learned slope a layer (He et al. 2015).

    `slope` is where it begins. A weight decay draws it towards 0, and the layer towards relu, as
    it does with every parameter. Reference: torch.nn.PReLU.
    """

    steepest = 1.0

    def __init__(self, slope: float = 0.25) -> None:
        if not np.isfinite(slope):
            raise ValueError(f"slope={slope}: must be a finite number")
        self.first_slope = slope

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        def initialise(rng: np.random.Generator, block: Array) -> None:
            block[:] = self.first_slope

        return Plan(in_shape, ((1,),), initialise)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        slope, self.dslope = views.parameter(1)
        # As many axes as x has.
        self.slope = slope.reshape(work.runs, *[1] * (1 + len(in_shape)))
        self.derivative = work.activations(in_shape)
        self.y = work.activations(in_shape)
        # The size is written out, since a stack that every run has left has none to divide.
        self.products = self.y.reshape(work.runs, work.batch * prod(in_shape))

    def forward(self, x: Array, *, train: bool) -> Array:
        self.x = x
        np.greater(x, 0, out=self.derivative)
        self.derivative *= 1 - self.slope
        self.derivative += self.slope
        np.multiply(x, self.derivative, out=self.y)
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        # d y / d slope is min(x, 0).
        np.minimum(self.x, 0, out=self.y)
        self.y *= dy
        np.add.reduce(self.products, axis=1, keepdims=True, out=self.dslope)
        dy *= self.derivative
        return dy
