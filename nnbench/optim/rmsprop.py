"""RMSprop, plain, by the variance and with momentum."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.optimizer import BelowOne, Optimizer, Positive, State


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """Gradients divided by a running root of their mean square (Hinton 2012).

        square   ← alpha · square + (1 − alpha) · gradient²
        params   ← params − rate · gradient / (√square + epsilon)

    Reference: torch.optim.RMSprop, with epsilon outside the root (optax has it inside).
    """

    alpha: BelowOne = 0.99
    """Share of the previous mean square kept at each step."""
    epsilon: Positive = 1e-8
    """Added to the root."""

    def init(self, params: ParamStack) -> State:
        root = np.broadcast_to(np.sqrt(1 - self.alpha), (params.runs, 1))
        return (
            zeros_like(params.values),
            zeros_like(params.values),
            root.astype(params.values.dtype),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients are multiplied by √(1 − alpha), which gives the square its factor: without, it
        # would overflow at smaller ones. The rate takes it over.
        square, scratch, root = state
        params.grads *= root
        np.multiply(params.grads, params.grads, out=scratch)
        square *= self.alpha
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += self.epsilon
        np.divide(params.grads, scratch, out=scratch)
        scratch *= rate / root
        params.values -= scratch


@dataclass(frozen=True)
class RMSpropCentered(RMSprop):
    """RMSprop by the gradient's variance instead of its mean square (Graves 2013).

        mean     ← alpha · mean + (1 − alpha) · gradient
        square   ← alpha · square + (1 − alpha) · gradient²
        params   ← params − rate · gradient / (√(square − mean²) + epsilon)

    Reference: torch.optim.RMSprop(centered=True).
    """

    def init(self, params: ParamStack) -> State:
        return *super().init(params), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # The variance moves by what the gradient is away from the previous mean:
        # alpha · (variance + (1 − alpha) · difference²), which is never negative, as the
        # difference of square and mean² can by rounding. Gradients are multiplied by √(1 − alpha),
        # and the mean has no factor 1 − alpha.
        variance, scratch, root, mean = state
        params.grads *= root
        np.multiply(mean, 1 - self.alpha, out=scratch)
        scratch -= params.grads
        scratch *= scratch
        variance += scratch
        variance *= self.alpha
        mean *= self.alpha
        mean += params.grads
        np.sqrt(variance, out=scratch)
        scratch += self.epsilon
        np.divide(params.grads, scratch, out=scratch)
        scratch *= rate / root
        params.values -= scratch


@dataclass(frozen=True)
class RMSpropMomentum(RMSprop):
    """RMSprop that remembers its direction (Graves 2013).

        square   ← alpha · square + (1 − alpha) · gradient²
        velocity ← momentum · velocity + gradient / (√square + epsilon)
        params   ← params − rate · velocity

    Reference: torch.optim.RMSprop(momentum=…); optax multiplies by the rate before the velocity.
    """

    momentum: BelowOne = 0.9
    """Share of the previous velocity kept at each step."""

    def init(self, params: ParamStack) -> State:
        return *super().init(params), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients, and so the velocity, are multiplied by √(1 − alpha), as in RMSprop.
        square, scratch, root, velocity = state
        params.grads *= root
        np.multiply(params.grads, params.grads, out=scratch)
        square *= self.alpha
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += self.epsilon
        np.divide(params.grads, scratch, out=scratch)
        velocity *= self.momentum
        velocity += scratch
        np.multiply(velocity, rate / root, out=scratch)
        params.values -= scratch
