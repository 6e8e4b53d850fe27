"""NAdam."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.adam import Adam
from nnbench.optim.ahead import each_run, place, powers, products, table
from nnbench.optim.optimizer import State, require_not_negative

WARMUP = 0.96
"""Base of the powers by which the momentum approaches beta1."""


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

    momentum_decay: Column = 4e-3
    """How fast the momentum rises from half of beta1 to beta1."""

    def __post_init__(self) -> None:
        super().__post_init__()
        require_not_negative("momentum_decay", self.momentum_decay)

    def init(self, params: ParamStack) -> State:
        # Power 1 is that of the warm-up.
        return *super().init(params), table(params), np.ones((params.runs, 1))

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        mean, square, scratch, _, _, factors, epsilons, shares, _ = state
        now = place(t)
        if now == 0:
            self.look_ahead(state, t)
        self.remember(params.grads, state)
        np.multiply(mean, shares[:, now], out=scratch)
        scratch += params.grads
        # The gradient has done its work.
        root = np.sqrt(square, out=params.grads)
        root += epsilons[:, now]
        scratch /= root
        scratch *= rate * factors[:, now]
        params.values -= scratch

    def look_ahead(self, state: State, t: int) -> None:
        _, _, _, power1, power2, factors, epsilons, shares, product = state
        beta1, beta2 = each_run(self.beta1), each_run(self.beta2)
        base = WARMUP ** each_run(self.momentum_decay)
        warmups = powers(power1, base)
        momentum, following = (beta1 * (1 - w / 2) for w in (warmups, warmups * base))
        so_far = products(product, momentum)
        roots = np.sqrt(1 - powers(power2, self.beta2))
        own = (1 - momentum) / (1 - so_far)
        factors[:] = own * roots / np.sqrt(1 - beta2)
        epsilons[:] = each_run(self.epsilon) * roots
        shares[:] = following * (1 - beta1) / (1 - so_far * following) / own
