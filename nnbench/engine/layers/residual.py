"""The way around some layers, which makes a network learn what is to be added to its input."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

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


@dataclass
class Branches:
    """The factor of all residual branches of a network.

    Of n branches that are added unscaled, each may add as much variance as its input has, so that
    outputs grow as 2^(n/2) at the start. With 1 / √n the variance stays below e times that of the
    input at any depth (Zhang, Dauphin & Ma 2019; De & Smith 2020).
    """

    factor: float | None = None
    """None for 1 / √(number of branches)."""
    skips: list[Skip] = field(default_factory=list)

    @property
    def scale(self) -> float:
        """The factor, once the shapes of the network are planned."""
        if self.factor is not None:
            return self.factor
        return 1 / sqrt(max(1, sum(skip.open for skip in self.skips)))


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
    """End of a skip connection; y = scale · x + its input."""

    def __init__(self, skip: Skip, branches: Branches) -> None:
        self.skip, self.branches = skip, branches

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        self.skip.open = in_shape == self.skip.shape
        return Plan(in_shape)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.y, self.dy = work.activations(in_shape), work.activations(in_shape)
        self.scale = self.branches.scale

    def forward(self, x: Array, *, train: bool) -> Array:
        if not self.skip.open:
            return x
        if self.scale == 1:
            return np.add(x, self.skip.x, out=self.y)
        np.multiply(x, self.scale, out=self.y)
        return np.add(self.y, self.skip.x, out=self.y)

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        if self.skip.open:
            # The layers between may write over theirs.
            self.dy[:] = dy
            self.skip.dy = self.dy
            if self.scale != 1:
                dy *= self.scale
        return dy


def residual(layers: Sequence[Layer], branches: Branches) -> list[Layer]:
    """The layers, to whose scaled output their input is added if it has that shape.

    They are one of the `branches` of a network (He et al. 2016).
    """
    skip = Skip()
    branches.skips.append(skip)
    return [Fork(skip), *layers, Join(skip, branches)]
