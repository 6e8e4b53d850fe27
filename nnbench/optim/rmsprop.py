"""RMSprop."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.optimizer import State, require_positive, require_share


@dataclass(frozen=True)
class RMSprop:
    """Gradients divided by a running root of their mean square (Hinton 2012).

        square   ← alpha · square + (1 − alpha) · gradient²
        params   ← params − rate · gradient / (√square + epsilon)

    Reference: torch.optim.RMSprop, with epsilon outside the root (optax has it inside).
    """

    alpha: Column = 0.99
    """Share of the previous mean square kept at each step."""
    epsilon: Column = 1e-8
    """Added to the root."""

    def __post_init__(self) -> None:
        require_share("alpha", self.alpha)
        require_positive("epsilon", self.epsilon)

    def init(self, params: ParamStack) -> State:
        return np.zeros_like(params.values), np.empty_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # `square` is kept without its factor 1 − alpha, which saves a pass over the vector;
        # rate and epsilon take the factor over.
        square, scratch = state
        root = np.sqrt(1 - self.alpha)
        np.multiply(params.grads, params.grads, out=scratch)
        square *= self.alpha
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += self.epsilon / root
        np.divide(params.grads, scratch, out=scratch)
        scratch *= rate / root
        params.values -= scratch
