"""The members of every layer."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.window import Window


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


class Layer:
    """One step of a network. A bound layer owns its buffers and views of its parameters.

    Axes are always runs, batch, features. `d` before a name means the gradient of the loss with
    respect to it. A user's layer may leave out all but `plan`, `bind`, `forward` and `backward`,
    and need not be a subclass (see engine/own.py).
    """

    over_batch: bool = False
    """True if examples depend on each other while it trains."""
    momentum: float | None = None
    """Share with which a batch enters its statistics; None if it measures nothing."""
    steepest: float | None = None
    """About the largest size of its derivative; None if it is no activation.

    Units are known as dead or saturated by it and `derivative`.
    """
    derivative: Array = np.empty(0)
    """f′(x) of an activation, (runs, batch, …), which a pass back leaves."""
    init: Initializer = Initializer()
    """Initialiser of `weights`, which may adjust them to data."""
    weights: Array = np.empty(0)
    """Values that `init` adjusts, (runs, …), once the layer is bound."""

    @property
    def kind(self) -> str:
        """The name of its class."""
        return type(self).__name__

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        """Output shape, parameter count and initialiser for inputs of `in_shape`."""
        raise NotImplementedError

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        """Take buffers from `work`, and views of the own parameters, in their order."""
        raise NotImplementedError

    def forward(self, x: Array, *, train: bool) -> Array:
        """(runs, batch, *in_shape) → (runs, batch, *out_shape), in a buffer the layer owns."""
        raise NotImplementedError

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        """Write the parameters' gradients and return dx, in a buffer (dy may be overwritten).

        The first layer's dx is not needed; with `need_dx` false the layer may leave it out.
        """
        raise NotImplementedError

    def window(self, in_shape: tuple[int, ...]) -> Window | None:
        """The window that moves over inputs of a shape; None if it sees all of them at once."""
        return None
