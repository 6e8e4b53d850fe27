"""Sharpness-aware minimisation."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, norms
from nnbench.optim.optimizer import Optimizer, Positive, State


class SAMState(NamedTuple):
    """Memory of SAM."""

    values: Array
    """The parameters to go back to, (runs, size)."""
    statistics: Array
    """The layers' statistics to go back to."""
    inner: State
    """Memory of the other optimizer."""


@dataclass(frozen=True)
class SAM(Optimizer):
    """Another optimizer steps along the gradient uphill of the parameters (Foret et al. 2021).

        uphill    = params + rho · gradient / ‖gradient‖
        params    ← what the other optimizer makes of params and the gradient at uphill

    A step takes two gradients, and so about twice as long. Penalties, which are those at params,
    and clipping concern the second. Reference: optax.contrib.sam.
    """

    climbs: ClassVar[bool] = True

    inner: Optimizer
    rho: Positive = 0.05
    """Distance uphill at which the gradient is taken."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "evaluates_others", self.inner.evaluates_others)

    def init(self, params: ParamStack) -> State:
        inner = self.inner.init(params)
        return SAMState(params.values.copy(), params.statistics.copy(), inner)

    def climb(self, params: ParamStack, state: State) -> None:
        """Go uphill, with the gradients at the parameters."""
        values, statistics, _ = state
        gradients = params.grads
        lengths = norms(gradients, values)
        values[:], statistics[:] = params.values, params.statistics
        # Without a gradient there is no uphill.
        lengths[lengths == 0] = 1
        gradients *= np.minimum(self.rho / lengths, np.finfo(lengths.dtype).max)
        params.values += gradients

    def descend(self, params: ParamStack, state: State) -> None:
        """Go back, with the statistics: those uphill are not the network's own."""
        params.values[:], params.statistics[:] = state.values, state.statistics

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        self.inner.step(params, state.inner, rate, t)

    def evaluated(self, params: ParamStack, state: State) -> Array:
        """The parameters that the inner optimizer evaluates."""
        return self.inner.evaluated(params, state.inner)
