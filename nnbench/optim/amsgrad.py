"""AMSGrad."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, zeros_like
from nnbench.optim.adam import Adam, AdamState
from nnbench.optim.optimizer import State


class AMSGradState(NamedTuple):
    """Memory of AMSGrad."""

    adam: AdamState
    largest: Array
    """Largest mean square so far, (runs, size)."""


@dataclass(frozen=True)
class AMSGrad(Adam):
    """Adam whose rates never rise again, since squares count at their largest (Reddi et al. 2018).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        square   ← beta2 · square + (1 − beta2) · gradient²
        largest  ← max(largest, square)
        params   ← params − rate · mean / (1 − beta1ᵗ) / (√(largest / (1 − beta2ᵗ)) + epsilon)

    Reference: torch.optim.Adam(amsgrad=True), which takes the maximum before the bias correction
    (optax.amsgrad after it; the paper corrects neither).
    """

    def init(self, params: ParamStack) -> State:
        return AMSGradState(super().init(params), largest=zeros_like(params.values))

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        adam, largest = state
        self.remember(params.grads, adam)
        np.maximum(largest, adam.square, out=largest)
        self.move(params, adam, largest, rate, t)
