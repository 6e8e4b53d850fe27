"""The members of every layer."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Protocol, runtime_checkable

import numpy as np

from nnbench.engine.arrays import Array, Views, Workspace


def no_parameters(rng: np.random.Generator, block: Array) -> None:
    """The initialiser of a layer that has nothing to learn."""


def ones_then_zeros(rng: np.random.Generator, block: Array) -> None:
    """The initialiser of a layer with as many factors as summands."""
    block[: len(block) // 2], block[len(block) // 2 :] = 1, 0


@dataclass(frozen=True)
class Plan:
    """The plan of a layer for an input shape (without runs and batch)."""

    out_shape: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...] = ()
    """Shapes of its tensors of parameters, in their order."""
    initialise: Callable[[np.random.Generator, Array], None] = no_parameters
    """Fills one run's block of parameters, (size,), from that run's stream of chance."""
    statistics: tuple[float, ...] = ()
    """Initial values of statistics that are measured, not learnt."""
    products: int = 0
    """Multiply-adds of its matrix products for one example, forward."""

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(prod(shape) for shape in self.shapes)


@runtime_checkable
class Layer(Protocol):
    """One step of a network. A bound layer owns its buffers and views of its parameters.

    Axes are always runs, batch, features. `d` before a name means the gradient of the loss with
    respect to it.

    An activation also has `derivative`, in which a pass back leaves f′(x), (runs, batch, …), and
    `steepest`, about the largest size that can have: what is known as dead or saturated is so by
    these two. A layer that measures takes a batch into its statistics with the share `momentum`.
    """

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        """Output shape, parameter count and initialiser for inputs of `in_shape`."""

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        """Take buffers from `work`, and views of the own parameters, in their order."""

    def forward(self, x: Array, *, train: bool) -> Array:
        """(runs, batch, *in_shape) → (runs, batch, *out_shape), in a buffer the layer owns."""

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        """Write the parameters' gradients and return dx, in a buffer (dy may be overwritten).

        The first layer's dx is not needed; with `need_dx` false the layer may leave it out.
        """
