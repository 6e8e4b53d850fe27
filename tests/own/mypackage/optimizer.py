"""An optimizer of one's own: a frozen dataclass with `init` and `step`."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClippedMomentum:
    """Momentum whose velocity never exceeds a limit, element by element.

    velocity ← clip(momentum · velocity + gradient, ±limit)
    params   ← params − rate · velocity
    """

    momentum: float = 0.9
    limit: float = 0.1

    def init(self, params):
        # Everything that is remembered, and the scratch space: each (runs, …).
        return np.zeros_like(params.values), np.empty_like(params.values)

    def step(self, params, state, rate, t):
        velocity, scratch = state
        velocity *= self.momentum
        velocity += params.grads
        np.clip(velocity, -self.limit, self.limit, out=velocity)
        np.multiply(velocity, rate, out=scratch)
        params.values -= scratch
