"""The layer that applies an activation function."""

from nnbench.engine.activations import Activation, steepest
from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan
from nnbench.engine.own import completed_layer, is_function


class Activate(Layer):
    """y = f(x), elementwise; in place where the derivative needs the output only."""

    def __init__(self, function: Activation) -> None:
        self.function = function
        self.steepest = steepest(function)

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        return Plan(in_shape)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.derivative = work.activations(in_shape)
        self.own = None if self.function.from_output else work.activations(in_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        self.x = x
        self.y = x if self.own is None else self.own
        self.function.forward(x, self.y, self.derivative)
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        self.function.derivative(self.x, self.y, self.derivative)
        dy *= self.derivative
        return dy


def activate(activation: Activation | Layer) -> Layer:
    """The layer of an activation: itself, if it is one since it has something to learn."""
    return Activate(activation) if is_function(activation) else completed_layer(activation)
