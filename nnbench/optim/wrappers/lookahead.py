"""Lookahead."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.optimizer import AboveZero, Count, Optimizer, State


class LookaheadState(NamedTuple):
    """Memory of Lookahead."""

    slow: Array
    """The slow parameters, (runs, size)."""
    inner: State
    """Memory of the other optimizer."""


@dataclass(frozen=True)
class Lookahead(Optimizer):
    """Every few steps, slow parameters take a part of the way to where another optimizer went.

        every `period` steps:   slow ← slow + share · (params − slow);  params ← slow

    The slow parameters are what is evaluated (Zhang et al. 2019). Reference: optax.lookahead.
    """

    moves_params: ClassVar[bool] = True
    evaluates_others: ClassVar[bool] = True

    inner: Optimizer
    period: Count = 6
    """Steps of the other optimizer between two of the slow parameters."""
    share: AboveZero = 0.5
    """Part of the way that the slow parameters take."""

    def init(self, params: ParamStack) -> State:
        return LookaheadState(params.values.copy(), self.inner.init(params))

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        slow, inner = state
        self.inner.step(params, inner, rate, t)
        share = np.broadcast_to(self.share, (params.runs, 1))
        due = np.broadcast_to(t % np.asarray(self.period) == 0, (params.runs, 1))
        for run in np.flatnonzero(due):
            # The gradient has done its work.
            way = np.subtract(params.values[run], slow[run], out=params.grads[run])
            way *= share[run]
            slow[run] += way
            params.values[run] = slow[run]

    def evaluated(self, params: ParamStack, state: State) -> Array:
        """The slow parameters."""
        slow: Array = state.slow
        return slow
