"""Yogi."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.adam import Adam
from nnbench.optim.optimizer import Positive, State
from nnbench.optim.signs import signed


@dataclass(frozen=True)
class Yogi(Adam):
    """Adam whose mean square moves by the new square only, up or down (Zaheer et al. 2018).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        square   ← square − (1 − beta2) · sign(square − gradient²) · gradient²
        params   ← params − rate · mean / (1 − beta1ᵗ) / (√(square / (1 − beta2ᵗ)) + epsilon)

    Mean and square begin at `start`. Reference: optax.yogi.
    """

    epsilon: Positive = 1e-3
    """Added to the root."""
    start: Positive = 1e-6
    """Value of mean and mean square before the first step."""

    def init(self, params: ParamStack) -> State:
        state = super().init(params)
        mean, square = state.mean, state.square
        mean += self.root * self.start / (1 - self.beta1)
        square += self.start
        return state

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients are multiplied by `root`, and the mean has no factor 1 − beta1, as in Adam.
        mean, square, distance = state.mean, state.square, state.scratch
        params.grads *= self.root
        mean *= self.beta1
        mean += params.grads
        squares = np.multiply(params.grads, params.grads, out=params.grads)
        np.multiply(square, 1 - self.beta2, out=distance)
        distance -= squares
        squares *= signed(distance, 1)
        square -= squares
        self.move(params, state, square, rate, t)
