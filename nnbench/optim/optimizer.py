"""What every optimizer can do, and how its hyperparameters are checked."""

from dataclasses import fields, is_dataclass, replace
from typing import Protocol, TypeAlias, TypeVar

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack

State: TypeAlias = tuple[Array, ...]
"""What an optimizer remembers, and its scratch space; each array is (runs, …)."""


class Optimizer(Protocol):
    """A rule that moves the parameters of a stack along their gradients.

    Its hyperparameters are columns (runs, 1) or plain numbers. Gradients belong to the optimizer
    during a step: it may overwrite them.

    An optimizer may also have: `full_batch = True`, if it makes no sense with parts of the data;
    `needs_losses = True`, to find in `params.losses` what it minimises at the parameters; methods
    `climb(params, state)`, which moves the parameters to where it wants another gradient, and
    `descend(params, state)`, which moves them back; a method `evaluated(params, state)`, which
    gives the parameters, (runs, size), that count as what it has found, where these are not the
    ones at which it asks for gradients. A wrapper with `moves_params = True` moves the parameters
    from outside, which no optimizer with `evaluated` can bear: its other point would stay behind.
    """

    def init(self, params: ParamStack) -> State:
        """The state before the first step."""

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        """Update `params` and `state` in place; `t` counts steps from 1."""


Kind = TypeVar("Kind")


def evaluated(optimizer: Optimizer, params: ParamStack, state: State) -> Array:
    """The parameters (runs, size) that count as what the optimizer has found so far."""
    own = getattr(optimizer, "evaluated", None)
    return own(params, state) if own else params.values


def keep_runs(kind: Kind, runs: Array) -> Kind:
    """An optimizer, or what stands around one, for some of the runs, given by their positions."""
    if not is_dataclass(kind) or isinstance(kind, type):
        return kind
    kept = {}
    for field in fields(kind):
        value = getattr(kind, field.name)
        kept[field.name] = value[runs] if isinstance(value, np.ndarray) else keep_runs(value, runs)
    return replace(kind, **kept)


def require_share(name: str, value: Column) -> None:
    """Raise ValueError unless 0 ≤ value < 1."""
    values = numbers(name, value)
    require(name, values, (values >= 0) & (values < 1), "a number from 0 to below 1")


def require_positive(name: str, value: Column) -> None:
    """Raise ValueError unless 0 < value < ∞."""
    values = numbers(name, value)
    require(name, values, (values > 0) & np.isfinite(values), "a finite number above 0")


def require_not_negative(name: str, value: Column) -> None:
    """Raise ValueError unless 0 ≤ value < ∞."""
    values = numbers(name, value)
    require(name, values, (values >= 0) & np.isfinite(values), "a finite number, 0 or more")


def require_count(name: str, value: Column) -> None:
    """Raise ValueError unless the value is a whole number, 1 or more."""
    values = numbers(name, value)
    whole = np.isfinite(values) & (values == np.floor(values))
    require(name, values, whole & (values >= 1), "a whole number, 1 or more")


def numbers(name: str, value: Column) -> Array:
    """A hyperparameter as an array. Raises ValueError if it is no number."""
    values = np.asarray(value)
    # A list of numbers would pass for a column.
    if isinstance(value, list) or values.dtype.kind not in "fiu":
        raise ValueError(f"{name}={value}: must be a number")
    return values


def require(name: str, values: Array, allowed: Array, what: str) -> None:
    """Raise ValueError, which names the first value that is not allowed."""
    if not np.all(allowed):
        first = values[~allowed].flat[0]
        # In a lower precision a value may be another than was typed.
        raise ValueError(f"{name}={first}: must be {what} in {values.dtype}")
