"""Optimizers of users, which need no more than `init` and `step`."""

from dataclasses import dataclass
from typing import Any

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.optimizer import Optimizer, State


def declared(kind: object) -> type[Optimizer]:
    """An optimizer's class, with the defaults of `Optimizer` for what it leaves out.

    It is for inspection, not for instances. A function that makes one declares nothing.
    """
    if not isinstance(kind, type):
        return Optimizer
    if issubclass(kind, Optimizer):
        return kind
    members: dict[str, Any] = {
        name: getattr(kind, name, hasattr(kind, method))
        for name, method in (("climbs", "climb"), ("evaluates_others", "evaluated"))
    }
    return type(kind.__name__, (kind, Optimizer), members)


def completed(optimizer: Any) -> Optimizer:
    """An optimizer that has every member of `Optimizer`."""
    return optimizer if isinstance(optimizer, Optimizer) else Own(optimizer)


@dataclass(frozen=True)
class Own(Optimizer):
    """A user's optimizer, completed by the defaults of `Optimizer`."""

    own: Any

    def __post_init__(self) -> None:
        for name in ("full_batch", "needs_losses", "moves_params", "climbs", "evaluates_others"):
            object.__setattr__(self, name, getattr(declared(type(self.own)), name))

    def init(self, params: ParamStack) -> State:
        state: State = self.own.init(params)
        return state

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        self.own.step(params, state, rate, t)

    def climb(self, params: ParamStack, state: State) -> None:
        self.own.climb(params, state)

    def descend(self, params: ParamStack, state: State) -> None:
        self.own.descend(params, state)

    def evaluated(self, params: ParamStack, state: State) -> Array:
        return declared(type(self.own)).evaluated(self.own, params, state)
