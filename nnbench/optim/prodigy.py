"""Prodigy."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, zeros_like
from nnbench.optim.optimizer import BelowOne, NotNegative, Optimizer, Positive, State


@dataclass(frozen=True)
class Prodigy(Optimizer):
    """Adam that finds its own rate from the distance travelled (Mishchenko & Defazio 2023).

        step        = distance · rate · √(1 − beta2ᵗ) / (1 − beta1ᵗ)
        mean, square: Adam's running means of distance · gradient and of its square
        travelled   ← √beta2 · travelled + distance/first · step · ⟨gradient, start − params⟩
        sum         ← √beta2 · sum + step · distance/first · gradient
        params      ← params − step · (mean / (√square + distance' · epsilon)
                      + weight_decay · params)
        distance'   = max(distance, travelled / ‖sum‖₁), which is the next step's distance

    `rate` multiplies what it finds: 1 leaves it as it is. Reference: optax.contrib.prodigy.
    """

    beta1: BelowOne = 0.9
    """Share of the previous mean kept at each step."""
    beta2: BelowOne = 0.999
    """Share of the previous mean square kept at each step."""
    epsilon: Positive = 1e-8
    """Added to the root, times the distance."""
    first: Positive = 1e-6
    """The first guess of the distance, which only grows."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters taken away at each step, times the step."""

    def init(self, params: ParamStack) -> State:
        ones = np.ones((params.runs, 1))
        return (
            zeros_like(params.values),
            zeros_like(params.values),
            zeros_like(params.values),
            params.values.copy(),
            zeros_like(params.values),
            self.first * ones,
            0 * ones,
            ones,
            ones.copy(),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        mean, square, total, start, scratch, distance, travelled, power1, power2 = state
        dtype = params.values.dtype
        gradients = params.grads
        power1 *= self.beta1
        power2 *= self.beta2
        step = distance * rate * np.sqrt(1 - power2) / (1 - power1)
        keep = np.sqrt(np.asarray(self.beta2, np.float64))
        np.subtract(start, params.values, out=scratch)
        scratch *= gradients
        travelled *= keep
        travelled += distance / self.first * step * sums(scratch)
        gradients *= distance.astype(dtype)
        mean *= self.beta1
        np.multiply(gradients, np.asarray(1 - self.beta1, dtype), out=scratch)
        mean += scratch
        total *= keep.astype(dtype)
        np.multiply(gradients, (step / self.first).astype(dtype), out=scratch)
        total += scratch
        np.multiply(gradients, gradients, out=scratch)
        scratch *= 1 - self.beta2
        square *= self.beta2
        square += scratch
        np.abs(total, out=scratch)
        lengths = sums(scratch)
        np.divide(travelled, lengths, out=lengths, where=lengths > 0)
        np.maximum(distance, lengths, out=distance)
        np.sqrt(square, out=scratch)
        scratch += (distance * self.epsilon).astype(dtype)
        np.divide(mean, scratch, out=scratch)
        np.multiply(params.values, self.weight_decay, out=gradients)
        scratch += gradients
        scratch *= step.astype(dtype)
        params.values -= scratch


def sums(array: Array) -> Array:
    """Sum of each run's vector, (runs, 1), in float64."""
    total: Array = np.add.reduce(array, axis=1, keepdims=True).astype(np.float64)
    return total
