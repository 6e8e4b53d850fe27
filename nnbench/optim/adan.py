"""Adan."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, zeros_like
from nnbench.optim.ahead import each_run, place, powers, table
from nnbench.optim.optimizer import BelowOne, NotNegative, Optimizer, Positive, State


class AdanState(NamedTuple):
    """Memory of Adan: of the parameters (runs, size), powers (runs, 1), tables (see ahead.py)."""

    mean: Array
    trend: Array
    """Running mean of the gradient's change."""
    square: Array
    previous: Array
    """The previous gradient."""
    scratch: Array
    power1: Array
    power2: Array
    power3: Array
    factors: Array
    """Table of what the rate is multiplied by."""
    shares: Array
    """Table of what the trend is multiplied by before the mean is added."""
    inner: Array
    """Table of what is added within the root."""
    outer: Array
    """Table of what is added to the root."""


@dataclass(frozen=True)
class Adan(Optimizer):
    """Adam with Nesterov's look ahead by the gradient's change (Xie et al. 2022).

        change   = gradient − previous gradient, at first 0
        mean     ← beta1 · mean + (1 − beta1) · gradient
        trend    ← beta2 · trend + (1 − beta2) · change
        square   ← beta3 · square + (1 − beta3) · (gradient + (1 − beta2) · change)²
        ahead    = mean / (1 − beta1ᵗ) + (1 − beta2) · trend / (1 − beta2ᵗ)
        root     = √(square / (1 − beta3ᵗ) + epsilon_root) + epsilon
        params   ← params − rate · (ahead / root + weight_decay · params)

    Reference: optax.adan, in which a change weighs 1 − beta2 = 0.08. In the paper, whose betas are
    the shares that are new, and in the authors' code it weighs 0.92; and there the parameters are
    divided by 1 + rate · weight_decay instead of losing that share.
    """

    beta1: BelowOne = 0.98
    """Share of the previous mean kept at each step."""
    beta2: BelowOne = 0.92
    """Share of the previous mean change kept at each step."""
    beta3: BelowOne = 0.99
    """Share of the previous mean square kept at each step."""
    epsilon: Positive = 1e-8
    """Added to the root."""
    epsilon_root: Positive = 1e-8
    """Added within the root."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters taken away at each step, times the rate."""

    def init(self, params: ParamStack) -> State:
        return AdanState(
            mean=zeros_like(params.values),
            trend=zeros_like(params.values),
            square=zeros_like(params.values),
            previous=zeros_like(params.values),
            scratch=zeros_like(params.values),
            power1=np.ones((params.runs, 1)),
            power2=np.ones((params.runs, 1)),
            power3=np.ones((params.runs, 1)),
            factors=table(params),
            shares=table(params),
            inner=table(params),
            outer=table(params),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients are multiplied by √(1 − beta3), which gives the square its factor; mean and
        # trend are kept without theirs, as in Adam.
        mean, trend, square, previous, scratch, *_ = state
        now = place(t)
        if now == 0:
            self.look_ahead(state)
        params.grads *= (1 - self.beta3) ** 0.5
        if t == 1:
            previous[:] = params.grads
        params.values *= 1 - rate * self.weight_decay
        change = np.subtract(params.grads, previous, out=scratch)
        mean *= self.beta1
        mean += params.grads
        trend *= self.beta2
        trend += change
        scratch *= 1 - self.beta2
        scratch += params.grads
        scratch *= scratch
        square *= self.beta3
        square += scratch
        previous[:] = params.grads
        np.add(square, state.inner[:, now], out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += state.outer[:, now]
        ahead = np.multiply(trend, state.shares[:, now], out=params.grads)
        ahead += mean
        ahead /= scratch
        ahead *= rate * state.factors[:, now]
        params.values -= ahead

    def look_ahead(self, state: AdanState) -> None:
        """Work out what stands before mean, trend and epsilons in the next steps."""
        of_mean = (1 - each_run(self.beta1)) / (1 - powers(state.power1, self.beta1))
        of_trend = (1 - each_run(self.beta2)) ** 2 / (1 - powers(state.power2, self.beta2))
        of_square = 1 - powers(state.power3, self.beta3)
        state.factors[:] = of_mean * np.sqrt(of_square / (1 - each_run(self.beta3)))
        state.shares[:] = of_trend / of_mean
        state.inner[:] = each_run(self.epsilon_root) * of_square
        state.outer[:] = each_run(self.epsilon) * np.sqrt(of_square)
