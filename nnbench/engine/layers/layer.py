"""What every layer can do."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Protocol, runtime_checkable

import numpy as np

from nnbench.engine.arrays import Array, ParamStack, Workspace


def no_parameters(rng: np.random.Generator, block: Array) -> None:
    """The initialiser of a layer that has nothing to learn."""


@dataclass(frozen=True)
class Plan:
    """What a layer makes of an input shape (without runs and batch)."""

    out_shape: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...] = ()
    """Shapes of its tensors of parameters, in their order."""
    initialise: Callable[[np.random.Generator, Array], None] = no_parameters
    """Fills one run's block of parameters, (size,), from that run's stream of chance."""

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(prod(shape) for shape in self.shapes)


@runtime_checkable
class Layer(Protocol):
    """One step of a network. A bound layer owns its buffers and views of its parameters.

    Axes are always runs, batch, features. `d` before a name means the gradient of the loss with
    respect to it.
    """

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        """Output shape, parameter count and initialiser for inputs of `in_shape`."""

    def bind(
        self, in_shape: tuple[int, ...], params: ParamStack, offset: int, work: Workspace
    ) -> None:
        """Take buffers from `work` and the views of `params` that begin at `offset`."""

    def forward(self, x: Array, *, train: bool) -> Array:
        """(runs, batch, *in_shape) → (runs, batch, *out_shape), in a buffer the layer owns."""

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        """Write the parameters' gradients and return dx, in a buffer (dy may be overwritten).

        The first layer's dx is not needed; with `need_dx` false the layer may leave it out.
        """
