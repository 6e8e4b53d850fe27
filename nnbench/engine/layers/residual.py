"""The way around some layers, which makes a network learn what is to be added to its input."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan


@dataclass
class Skip:
    """The values that go around: the layers' input on the way forward, dy on the way back.

    Copies of a network share it, since a pass forward and back is never interrupted by another.
    """

    shape: tuple[int, ...] = ()
    x: Array = field(default_factory=lambda: np.empty(0))
    dy: Array = field(default_factory=lambda: np.empty(0))
    open: bool = False
    """True if there is a way around: shapes before and after may differ."""


class Fork(Layer):
    """Start of a skip connection; y = x."""

    def __init__(self, skip: Skip) -> None:
        self.skip = skip

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        self.skip.shape = in_shape
        return Plan(in_shape)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        pass

    def forward(self, x: Array, *, train: bool) -> Array:
        self.skip.x = x
        return x

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        if self.skip.open:
            dy += self.skip.dy
        return dy


class Join(Layer):
    """End of a skip connection; y = x + its input."""

    def __init__(self, skip: Skip) -> None:
        self.skip = skip

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        self.skip.open = in_shape == self.skip.shape
        return Plan(in_shape)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.y, self.dy = work.activations(in_shape), work.activations(in_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        if self.skip.open:
            return np.add(x, self.skip.x, out=self.y)
        return x

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        if self.skip.open:
            # The layers between may write over theirs.
            self.dy[:] = dy
            self.skip.dy = self.dy
        return dy


def residual(layers: Sequence[Layer]) -> list[Layer]:
    """The layers, to whose output their input is added if it has that shape (He et al. 2016)."""
    skip = Skip()
    return [Fork(skip), *layers, Join(skip)]
