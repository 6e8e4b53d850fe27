"""Adamax."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.ahead import each_run, place, powers, table
from nnbench.optim.optimizer import BelowOne, Optimizer, Positive, State


@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adam with a fading maximum of the gradient in place of its root (Kingma & Ba 2015).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        largest  ← max(beta2 · largest, |gradient| + epsilon)
        params   ← params − rate · mean / (1 − beta1ᵗ) / largest

    Reference: torch.optim.Adamax (the paper has no epsilon).
    """

    beta1: BelowOne = 0.9
    """Share of the previous mean kept at each step."""
    beta2: BelowOne = 0.999
    """Share of the previous maximum kept at each step."""
    epsilon: Positive = 1e-8
    """Added to the gradient's absolute value."""

    def init(self, params: ParamStack) -> State:
        return (
            zeros_like(params.values),
            zeros_like(params.values),
            zeros_like(params.values),
            np.ones((params.runs, 1)),
            table(params),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # The mean is kept without its factor 1 − beta1, as in Adam.
        mean, largest, scratch, power, factors = state
        now = place(t)
        if now == 0:
            factors[:] = (1 - each_run(self.beta1)) / (1 - powers(power, self.beta1))
        mean *= self.beta1
        mean += params.grads
        np.abs(params.grads, out=scratch)
        scratch += self.epsilon
        largest *= self.beta2
        np.maximum(largest, scratch, out=largest)
        np.divide(mean, largest, out=scratch)
        scratch *= rate * factors[:, now]
        params.values -= scratch
