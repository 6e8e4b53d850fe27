"""NAdam."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.adam import Adam, AdamState
from nnbench.optim.ahead import each_run, place, powers, products, table
from nnbench.optim.optimizer import NotNegative, State

WARMUP = 0.96
"""Base of the powers by which the momentum approaches beta1."""


class NAdamState(NamedTuple):
    """Memory of NAdam."""

    adam: AdamState
    """As Adam's, but that `power1` is the power in the warm-up of the momentum."""
    shares: Array
    """Table of what the mean is multiplied by before the gradient is added (see ahead.py)."""
    product: Array
    """Product of the momenta up to the end of the tables, (runs, 1)."""


@dataclass(frozen=True)
class NAdam(Adam):
    """Adam that looks ahead like Nesterov's momentum, with a warm-up of it (Dozat 2016).

        momentumₜ = beta1 · (1 − ½ · 0.96^(t · momentum_decay))
        productₜ  = momentum₁ · … · momentumₜ
        mean      ← beta1 · mean + (1 − beta1) · gradient
        square    ← beta2 · square + (1 − beta2) · gradient²
        ahead     = momentumₜ₊₁ · mean / (1 − productₜ₊₁)
                    + (1 − momentumₜ) · gradient / (1 − productₜ)
        params    ← params − rate · ahead / (√(square / (1 − beta2ᵗ)) + epsilon)

    Reference: torch.optim.NAdam (optax.nadam has no warm-up: its momentum is beta1 throughout).
    """

    momentum_decay: NotNegative = 4e-3
    """Rate at which the momentum rises from half of beta1 to beta1."""

    def init(self, params: ParamStack) -> State:
        return NAdamState(
            super().init(params), shares=table(params), product=np.ones((params.runs, 1))
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        adam = state.adam
        scratch = adam.scratch
        now = place(t)
        if now == 0:
            self.fill_tables(state)
        self.remember(params.grads, adam)
        np.multiply(adam.mean, state.shares[:, now], out=scratch)
        scratch += params.grads
        # The gradient has done its work.
        root = np.sqrt(adam.square, out=params.grads)
        root += adam.epsilons[:, now]
        scratch /= root
        scratch *= rate * adam.factors[:, now]
        params.values -= scratch

    def fill_tables(self, state: NAdamState) -> None:
        """Work out what rate, epsilon and mean are multiplied by in the next steps."""
        adam, shares, product = state
        beta1, beta2 = each_run(self.beta1), each_run(self.beta2)
        base = WARMUP ** each_run(self.momentum_decay)
        warmups = powers(adam.power1, base)
        momentum, following = (beta1 * (1 - w / 2) for w in (warmups, warmups * base))
        so_far = products(product, momentum)
        roots = np.sqrt(1 - powers(adam.power2, self.beta2))
        own = (1 - momentum) / (1 - so_far)
        adam.factors[:] = own * roots / np.sqrt(1 - beta2)
        adam.epsilons[:] = each_run(self.epsilon) * roots
        shares[:] = following * (1 - beta1) / (1 - so_far * following) / own
