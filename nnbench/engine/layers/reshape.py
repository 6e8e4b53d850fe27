"""The layer that gives the numbers of an example another shape."""

from math import prod

from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan


class Reshape(Layer):
    """The same numbers in their order, (runs, batch, …) → (runs, batch, *shape).

    A -1 in the shape is whatever is left over, as NumPy has it.
    """

    def __init__(self, *shape: int) -> None:
        self.shape = shape

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        inferred = prod(in_shape) // abs(prod(self.shape))
        return Plan(tuple(inferred if n == -1 else n for n in self.shape))

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.before = (work.runs, work.batch, *in_shape)
        self.after = (work.runs, work.batch, *self.plan(in_shape).out_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        return x.reshape(self.after)

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        return dy.reshape(self.before)
