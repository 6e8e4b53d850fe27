"""Layers, initialisers and losses of users, completed by the defaults of their kinds."""

from collections.abc import Callable
from copy import copy
from typing import Any, TypeGuard, TypeVar

import numpy as np

from nnbench.engine.activations import Activation
from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.layer import Layer, Plan

Kind = TypeVar("Kind")


def is_function(activation: Any) -> TypeGuard[Activation]:
    """True if an activation is a function, and no layer with something to learn."""
    needed = ("plan", "bind", "forward", "backward")
    return not all(hasattr(activation, name) for name in needed)


def completed_layer(layer: Any) -> Layer:
    """A layer that has every member of `Layer`."""
    return layer if isinstance(layer, Layer) else OwnLayer(layer)


def completed_initializer(init: Any) -> Initializer:
    """An initialiser that has every member of `Initializer`."""
    return init if isinstance(init, Initializer) else OwnInitializer(init)


def declared(kind: object, base: type[Kind]) -> type[Kind]:
    """A class with the defaults of `base` for the members it leaves out.

    It serves to read class attributes. A function that makes an object declares nothing.
    """
    if not isinstance(kind, type):
        return base
    return kind if issubclass(kind, base) else type(kind.__name__, (kind, base), {})


def member(name: str) -> Any:
    """The property of an `OwnLayer` for a member of the user's layer, or else the default."""

    def get(layer: "OwnLayer") -> Any:
        return getattr(layer.own, name, getattr(Layer, name))

    def put(layer: "OwnLayer", value: Any) -> None:
        setattr(layer.own, name, value)

    return property(get, put)


class OwnLayer(Layer):
    """A user's layer, completed by the defaults of `Layer`."""

    over_batch: Any = member("over_batch")
    momentum: Any = member("momentum")
    steepest: Any = member("steepest")
    derivative: Any = member("derivative")
    weights: Any = member("weights")

    def __init__(self, own: Any) -> None:
        self.own = own

    @property
    def kind(self) -> str:
        return type(self.own).__name__

    @property
    def init(self) -> Initializer:  # type: ignore[override]
        """The initialiser of the user's layer."""
        return completed_initializer(getattr(self.own, "init", Layer.init))

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        plan: Plan = self.own.plan(in_shape)
        return plan

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        # A network binds copies of its layers.
        self.own = copy(self.own)
        self.own.bind(in_shape, views, work)

    def forward(self, x: Array, *, train: bool) -> Array:
        y: Array = self.own.forward(x, train=train)
        return y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        dx: Array = self.own.backward(dy, need_dx=need_dx)
        return dx

    def window(self, in_shape: tuple[int, ...]) -> Any:
        return getattr(self.own, "window", super().window)(in_shape)


class OwnInitializer(Initializer):
    """A user's initialiser, completed by the defaults of `Initializer`."""

    def __init__(self, own: Any) -> None:
        self.own = own
        self.adjusts = hasattr(own, "adjust")

    @property
    def kind(self) -> str:
        return type(self.own).__name__

    @property
    def output(self) -> Initializer:
        return completed_initializer(self.own.output) if hasattr(self.own, "output") else self

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        weights: Array = self.own(rng, shape)
        return weights

    def adjust(self, weights: Array, outputs: Callable[[], Array]) -> None:
        self.own.adjust(weights, outputs)
