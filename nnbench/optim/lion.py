"""Lion and the plain descent by signs."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.optimizer import BelowOne, NotNegative, Optimizer, State
from nnbench.optim.signs import signed


@dataclass(frozen=True)
class SignSGD(Optimizer):
    """Gradient descent by the sign of each gradient alone (Bernstein et al. 2018).

        params   ← params − rate · sign(gradient)

    Reference: optax.sign_sgd.
    """

    def init(self, params: ParamStack) -> State:
        return ()

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        params.values -= signed(params.grads, rate)


@dataclass(frozen=True)
class Lion(Optimizer):
    """Steps by the sign of a mean that leans to the new gradient (Chen et al. 2023).

        ahead    = beta1 · mean + (1 − beta1) · gradient
        params   ← params − rate · (sign(ahead) + weight_decay · params)
        mean     ← beta2 · mean + (1 − beta2) · gradient

    Reference: optax.lion.
    """

    beta1: BelowOne = 0.9
    """Share of the mean in the direction of a step."""
    beta2: BelowOne = 0.99
    """Share of the previous mean kept at each step."""
    weight_decay: NotNegative = 1e-3
    """Share of the parameters taken away at each step, times the rate."""

    def init(self, params: ParamStack) -> State:
        return zeros_like(params.values), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # The mean is kept without its factor 1 − beta2. Only the sign of `ahead` matters, which
        # is therefore divided by 1 − beta1.
        mean, ahead = state
        params.values *= 1 - rate * self.weight_decay
        np.multiply(mean, self.beta1 * (1 - self.beta2) / (1 - self.beta1), out=ahead)
        ahead += params.grads
        mean *= self.beta2
        mean += params.grads
        params.values -= signed(ahead, rate)
