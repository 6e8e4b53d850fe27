"""Muon."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, norms, zeros_like
from nnbench.optim.adam import AdamState, AdamW
from nnbench.optim.optimizer import BelowOne, Positive, State

COEFFICIENTS = (3.4445, -4.775, 2.0315)
"""Coefficients of the quintic that drives all singular values towards 1, steepest at 0."""
ITERATIONS = 5
SMALLEST = 1e-7


class MuonState(NamedTuple):
    """Memory of Muon."""

    mean: Array
    """Running mean of the gradient, (runs, size)."""
    adam: AdamState
    """State of the biases."""


@dataclass(frozen=True)
class Muon(AdamW):
    """Momentum whose step has singular values near 1, for matrices (Jordan et al. 2024).

        mean     ← momentum · mean + (1 − momentum) · gradient
        update   = orthogonal(momentum · mean + (1 − momentum) · gradient)
        params   ← params − rate · weight_decay · params − rate · √max(1, units/inputs) · update

    Biases take the steps of AdamW at `vector_rate` times the rate. Reference: torch.optim.Muon,
    with its Newton-Schulz iteration in the precision of the run rather than in bfloat16. Kernels,
    which torch's does not take, are matrices here, and so is each gate (see `Tensor`).
    """

    momentum: BelowOne = 0.95
    """Share of the previous mean kept at each step."""
    vector_rate: Positive = 0.1
    """The rate of biases as a share of that of matrices."""

    def init(self, params: ParamStack) -> State:
        return MuonState(zeros_like(params.values), super().init(params))

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        mean, adam = state
        self.remember(params.grads, adam)
        direction, factor = self.direction(adam, adam.square, t)
        mean *= self.momentum
        # Adam has multiplied them by its root.
        params.grads *= (1 - self.momentum) / self.root
        mean += params.grads
        views = (params.values, params.grads, mean, direction)
        for values, gradient, held, update in zip(*map(params.parts, views), strict=True):
            column = (-1, *[1] * (values.ndim - 1))
            if values.ndim == 2:
                slow = rate * self.vector_rate
                update *= slow * factor
                values *= 1 - slow * self.weight_decay
            else:
                inputs, units = values.shape[1:]
                np.multiply(held, np.reshape(self.momentum, column), out=update)
                update += gradient
                np.copyto(update, orthogonal(update))
                update *= np.reshape(rate * max(1, units / inputs) ** 0.5, column)
                values *= np.reshape(1 - rate * self.weight_decay, column)
            values -= update


def orthogonal(matrices: Array) -> Array:
    """The matrices with all singular values near 1, by Newton-Schulz iteration."""
    a, b, c = COEFFICIENTS
    tall = matrices.shape[1] > matrices.shape[2]
    x = np.ascontiguousarray(matrices.swapaxes(1, 2)) if tall else matrices.copy()
    flat = x.reshape(len(x), -1)
    x /= np.maximum(norms(flat, np.empty_like(flat)), SMALLEST)[:, :, None]
    for _ in range(ITERATIONS):
        gram = x @ x.swapaxes(1, 2)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.swapaxes(1, 2) if tall else x
