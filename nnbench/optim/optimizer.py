"""The members of every optimizer, and what their hyperparameters allow."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

import numpy as np

from nnbench import allowed
from nnbench.engine.arrays import Array, Column, ParamStack

BelowOne: TypeAlias = Annotated[Column, allowed.BELOW_ONE]
AboveZero: TypeAlias = Annotated[Column, allowed.ABOVE_ZERO]
Positive: TypeAlias = Annotated[Column, allowed.POSITIVE]
NotNegative: TypeAlias = Annotated[Column, allowed.NOT_NEGATIVE]
Count: TypeAlias = Annotated[Column, allowed.COUNT]

State: TypeAlias = Any
"""Memory and scratch space of an optimizer, a tuple of arrays (runs, …) or of further such tuples.

Each of these may be a NamedTuple, as where an optimizer extends the state of another.
"""


class Optimizer(allowed.Checked):
    """A rule that moves the parameters of a stack along their gradients.

    Its hyperparameters are columns (runs, 1) or plain numbers. Gradients belong to the optimizer
    during a step: it may overwrite them. A user's optimizer may leave out all but `init` and
    `step`, and need not be a subclass (see own.py).
    """

    full_batch: ClassVar[bool] = False
    """True if it needs the gradient of all rows, not of batches."""
    needs_losses: ClassVar[bool] = False
    """True if the optimizer needs the losses at the parameters, in `params.losses`."""
    moves_params: ClassVar[bool] = False
    """True if it, as a wrapper, moves the parameters from outside.

    No optimizer that evaluates others can be inside: its other point would stay behind.
    """
    climbs: ClassVar[bool] = False
    """True if a step takes a second gradient, at the parameters to which `climb` moves them."""
    evaluates_others: ClassVar[bool] = False
    """True if `evaluated` gives other parameters than those at which gradients are taken."""

    def init(self, params: ParamStack) -> State:
        """The state before the first step."""
        raise NotImplementedError

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        """Update `params` and `state` in place; `t` counts steps from 1."""
        raise NotImplementedError

    def climb(self, params: ParamStack, state: State) -> None:
        """Move the parameters to where the second gradient is taken."""

    def descend(self, params: ParamStack, state: State) -> None:
        """Move the parameters back."""

    def evaluated(self, params: ParamStack, state: State) -> Array:
        """Return the parameters (runs, size) that the optimizer has arrived at."""
        return params.values


def arrays_of(state: State) -> Iterator[Array]:
    """The arrays of a state, in the order of its members, those of inner tuples in their place."""
    for member in state:
        if isinstance(member, tuple):
            yield from arrays_of(member)
        else:
            yield member


def map_arrays(change: Callable[[Array], Array], state: State) -> State:
    """A state of the same types, with `change` applied to its arrays in the order of `arrays_of`.

    All states that don't come from `init` are made here, so that names outlast runs that leave.
    """
    members = [map_arrays(change, m) if isinstance(m, tuple) else change(m) for m in state]
    return type(state)(*members) if hasattr(state, "_fields") else tuple(members)


Kind = TypeVar("Kind")


def keep_runs(kind: Kind, runs: Array) -> Kind:
    """An optimizer, or what stands around one, for some of the runs, given by their positions."""
    if not is_dataclass(kind) or isinstance(kind, type):
        return kind
    values_of_runs = {}
    for field in fields(kind):
        value = getattr(kind, field.name)
        values_of_runs[field.name] = (
            value[runs] if isinstance(value, np.ndarray) else keep_runs(value, runs)
        )
    return replace(kind, **values_of_runs)
