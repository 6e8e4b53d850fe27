"""AdaBelief."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.adam import Adam
from nnbench.optim.optimizer import Positive, State


@dataclass(frozen=True)
class AdaBelief(Adam):
    """Adam that steps far where the gradient is what its mean foretold (Zhuang et al. 2020).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        square   ← beta2 · square + (1 − beta2) · (gradient − mean)² + epsilon_root
        params   ← params − rate · mean / (1 − beta1ᵗ) / (√(square / (1 − beta2ᵗ)) + epsilon)

    Reference: optax.adabelief.
    """

    epsilon: Positive = 1e-16
    """Added to the root."""
    epsilon_root: Positive = 1e-16
    """Added to the mean square at each step."""

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients are multiplied by `root`, and the mean has no factor 1 − beta1, as in Adam.
        mean, square, scratch = state.mean, state.square, state.scratch
        params.grads *= self.root
        mean *= self.beta1
        mean += params.grads
        np.multiply(mean, 1 - self.beta1, out=scratch)
        scratch -= params.grads
        scratch *= scratch
        scratch += self.epsilon_root
        square *= self.beta2
        square += scratch
        self.move(params, state, square, rate, t)
