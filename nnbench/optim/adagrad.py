"""Adagrad."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.optimizer import Optimizer, Positive, State


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """A rate for every parameter, falling with the squares it has seen (Duchi et al. 2011).

        total    ← total + gradient²
        params   ← params − rate · gradient / (√total + epsilon)

    Reference: torch.optim.Adagrad, whose total starts at 0 (optax starts it at 0.1).
    """

    epsilon: Positive = 1e-10
    """Added to the root."""

    def init(self, params: ParamStack) -> State:
        return zeros_like(params.values), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        total, scratch = state
        np.multiply(params.grads, params.grads, out=scratch)
        total += scratch
        np.sqrt(total, out=scratch)
        scratch += self.epsilon
        np.divide(params.grads, scratch, out=scratch)
        scratch *= rate
        params.values -= scratch
