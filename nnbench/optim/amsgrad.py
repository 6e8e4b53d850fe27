"""AMSGrad."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.adam import Adam
from nnbench.optim.optimizer import State


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
        return *super().init(params), np.zeros_like(params.values)

    def move(self, params: ParamStack, state: State, square: Array, rate: Column, t: int) -> None:
        largest = state[-1]
        np.maximum(largest, square, out=largest)
        super().move(params, state, largest, rate, t)
