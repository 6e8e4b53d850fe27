"""RAdam."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.adam import Adam, AdamState
from nnbench.optim.ahead import each_run, place, powers, steps_from, table
from nnbench.optim.optimizer import State

ENOUGH = 5.0
"""Squares that must have gone into their mean before it is divided by."""


class RAdamState(NamedTuple):
    """Memory of RAdam."""

    adam: AdamState
    counts: Array
    """Table of whether the mean square is divided by, 0 or 1 (see ahead.py)."""


@dataclass(frozen=True)
class RAdam(Adam):
    """Adam that rectifies the variance of its early mean squares (Liu et al. 2020).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        square   ← beta2 · square + (1 − beta2) · gradient²
        limit    = 2 / (1 − beta2) − 1
        seen     = limit − 2 · t · beta2ᵗ / (1 − beta2ᵗ)
        trust    = √((seen − 4) · (seen − 2) · limit / ((limit − 4) · (limit − 2) · seen))
        scale    = trust · √(1 − beta2ᵗ) / (√square + epsilon) if seen > 5, else 1
        params   ← params − rate · mean / (1 − beta1ᵗ) · scale

    Reference: torch.optim.RAdam. The paper begins at seen > 4, optax at seen ≥ 5; optax adds
    epsilon after the bias correction of the square.
    """

    def init(self, params: ParamStack) -> State:
        return RAdamState(super().init(params), counts=table(params))

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Runs of a stack begin to divide at different steps: before, a run's root is taken for 0
        # and its epsilon is 1.
        adam, counts = state
        scratch = adam.scratch
        self.remember(params.grads, adam)
        now = place(t)
        if now == 0:
            self.fill_tables(state, t)
        np.sqrt(adam.square, out=scratch)
        if np.count_nonzero(counts[:, now]) < params.runs:
            # Not by a product with 0, since that of an infinite root is no number.
            scratch[counts[:, now, 0] == 0] = 0
        scratch += adam.epsilons[:, now]
        np.divide(adam.mean, scratch, out=scratch)
        scratch *= rate * adam.factors[:, now]
        params.values -= scratch

    def fill_tables(self, state: RAdamState, t: int) -> None:
        """Work out the tables of the steps from `t` on."""
        adam, counts = state
        beta1, beta2 = each_run(self.beta1), each_run(self.beta2)
        powers2 = powers(adam.power2, self.beta2)
        longest = 2 / (1 - beta2) - 1
        sma_length = longest - 2 * steps_from(t) * powers2 / (1 - powers2)
        enough = sma_length > ENOUGH
        # Where it isn't enough, any number will do whose root exists.
        longest, sma_length = np.maximum(longest, ENOUGH), np.maximum(sma_length, ENOUGH)
        trust = np.sqrt(
            (sma_length - 4)
            * (sma_length - 2)
            * longest
            / ((longest - 4) * (longest - 2) * sma_length)
        )
        scale = np.where(enough, trust * np.sqrt(1 - powers2), 1) / np.sqrt(1 - beta2)
        adam.factors[:] = (1 - beta1) / (1 - powers(adam.power1, self.beta1)) * scale
        adam.epsilons[:] = np.where(enough, each_run(self.epsilon), 1)
        counts[:] = enough
