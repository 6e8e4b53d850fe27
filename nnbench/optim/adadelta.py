"""Adadelta."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.optimizer import BelowOne, Optimizer, Positive, State


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Steps in the units of the parameters, by the sizes of earlier steps (Zeiler 2012).

        square   ← rho · square + (1 − rho) · gradient²
        change   = √(changes + epsilon) / √(square + epsilon) · gradient
        changes  ← rho · changes + (1 − rho) · change²
        params   ← params − rate · change

    Reference: torch.optim.Adadelta (the paper has no rate, which is a rate of 1).
    """

    rho: BelowOne = 0.9
    """Share of the previous mean squares kept at each step."""
    epsilon: Positive = 1e-6
    """Added within both roots; decides how large the first steps are."""

    def init(self, params: ParamStack) -> State:
        return (
            zeros_like(params.values),
            zeros_like(params.values),
            zeros_like(params.values),
            zeros_like(params.values),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients, and so changes, are multiplied by √(1 − rho), which gives both mean squares
        # their factor; the rate takes it over.
        square, changes, scratch, change = state
        root = (1 - self.rho) ** 0.5
        params.grads *= root
        np.multiply(params.grads, params.grads, out=scratch)
        square *= self.rho
        square += scratch
        np.add(square, self.epsilon, out=scratch)
        np.add(changes, self.epsilon, out=change)
        change /= scratch
        np.sqrt(change, out=change)
        change *= params.grads
        np.multiply(change, change, out=scratch)
        changes *= self.rho
        changes += scratch
        change *= rate / root
        params.values -= change
