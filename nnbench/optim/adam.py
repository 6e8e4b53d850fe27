"""Adam and its form with decoupled weight decay."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.optimizer import State, require_positive, require_share

STEPS_AHEAD = 256
"""Steps whose bias corrections are worked out together."""


@dataclass(frozen=True)
class Adam:
    """Running means of the gradient and its square, freed of their start at 0 (Kingma & Ba 2015).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        square   ← beta2 · square + (1 − beta2) · gradient²
        params   ← params − rate · mean / (1 − beta1ᵗ) / (√(square / (1 − beta2ᵗ)) + epsilon)

    Reference: torch.optim.Adam.
    """

    beta1: Column = 0.9
    """Share of the previous mean kept at each step."""
    beta2: Column = 0.999
    """Share of the previous mean square kept at each step."""
    epsilon: Column = 1e-8
    """Added to the root."""

    def __post_init__(self) -> None:
        require_share("beta1", self.beta1)
        require_share("beta2", self.beta2)
        require_positive("epsilon", self.epsilon)

    def init(self, params: ParamStack) -> State:
        ahead = (params.runs, STEPS_AHEAD, 1)
        return (
            np.zeros_like(params.values),
            np.zeros_like(params.values),
            np.empty_like(params.values),
            np.ones((params.runs, 1)),
            np.ones((params.runs, 1)),
            np.empty(ahead, params.values.dtype),
            np.empty(ahead, params.values.dtype),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        direction, factor = self.direction(params, state, t)
        direction *= rate * factor
        params.values -= direction

    def direction(self, params: ParamStack, state: State, t: int) -> tuple[Array, Array]:
        """Where to go, (runs, size), and what that is still to be multiplied by, (runs, 1)."""
        # Mean and square are kept without their factors 1 − beta, which saves two passes over
        # the vectors; rate and epsilon take the factors over.
        mean, square, scratch, power1, power2, factors, epsilons = state
        now = (t - 1) % STEPS_AHEAD
        if now == 0:
            self.look_ahead(power1, power2, factors, epsilons)
        mean *= self.beta1
        mean += params.grads
        np.multiply(params.grads, params.grads, out=scratch)
        square *= self.beta2
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += epsilons[:, now]
        np.divide(mean, scratch, out=scratch)
        return scratch, factors[:, now]

    def look_ahead(self, power1: Array, power2: Array, factors: Array, epsilons: Array) -> None:
        """Work out what rate and epsilon are multiplied by in the next steps, all in float64.

        Doing it step by step takes as long as a tenth of everything else in a small network.
        """
        beta1, beta2 = (each_run(beta) for beta in (self.beta1, self.beta2))
        powers1 = power1[:, None] * np.cumprod(np.broadcast_to(beta1, factors.shape), axis=1)
        powers2 = power2[:, None] * np.cumprod(np.broadcast_to(beta2, factors.shape), axis=1)
        power1[:], power2[:] = powers1[:, -1], powers2[:, -1]
        roots = np.sqrt((1 - powers2) / (1 - beta2))
        factors[:] = (1 - beta1) / (1 - powers1) * roots
        epsilons[:] = each_run(self.epsilon) * roots


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam whose weight decay stays out of the gradient (Loshchilov & Hutter 2019).

        params   ← params − rate · weight_decay · params
        then as Adam.

    Reference: torch.optim.AdamW.
    """

    weight_decay: Column = 0.01
    """Share of the parameters taken away at each step, times the rate."""

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        params.values *= 1 - rate * self.weight_decay
        super().step(params, state, rate, t)


def each_run(value: Column) -> Array:
    """A hyperparameter in float64, shaped (runs, 1, 1), to be combined with a row of steps."""
    return np.reshape(np.asarray(value, np.float64), (-1, 1, 1))
