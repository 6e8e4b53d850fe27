"""The layer that makes one row of whatever shape an example has."""

from math import prod

from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Plan


class Flatten:
    """The same numbers, (runs, batch, …) → (runs, batch, features)."""

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        return Plan((prod(in_shape),))

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.before = (work.runs, work.batch, *in_shape)
        self.after = (work.runs, work.batch, prod(in_shape))

    def forward(self, x: Array, *, train: bool) -> Array:
        return x.reshape(self.after)

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        return dy.reshape(self.before)
