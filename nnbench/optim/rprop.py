"""Rprop."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.optimizer import (
    Optimizer,
    State,
    numbers,
    require,
    require_positive,
    require_share,
)
from nnbench.optim.signs import signed


@dataclass(frozen=True)
class Rprop(Optimizer):
    """Steps by the gradient's sign, longer while it stays the same (Riedmiller & Braun 1993).

        size     ← growth · size where the gradient has its previous sign,
                   shrink · size where it has the other one, within smallest … largest
        gradient ← 0 where its sign has changed
        params   ← params − size · sign(gradient)

    Sizes begin at the rate; where a schedule changes it, they change with it. It wants the
    gradient of all rows: that of a batch has the wrong sign too often.

    Reference: torch.optim.Rprop (Rprop without going back, "iRprop−" of Igel & Hüsken 2000).
    """

    shrink: Column = 0.5
    """Factor of a size after a change of sign."""
    growth: Column = 1.2
    """Factor of a size otherwise."""
    smallest: Column = 1e-6
    """Least size."""
    largest: Column = 50.0
    """Greatest size."""

    def __post_init__(self) -> None:
        require_positive("shrink", self.shrink)
        require_share("shrink", self.shrink)
        growth = numbers("growth", self.growth)
        above = (growth > 1) & np.isfinite(growth)
        require("growth", growth, above, "a finite number above 1")
        require_positive("smallest", self.smallest)
        require_positive("largest", self.largest)
        largest = numbers("largest", self.largest)
        require("largest", largest, largest >= self.smallest, "no less than smallest")

    def init(self, params: ParamStack) -> State:
        return (
            np.ones_like(params.values),
            np.zeros_like(params.values),
            np.empty_like(params.values),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Sizes are kept as multiples of the rate, and of a gradient its sign, times `growth`: the
        # product of two is then beyond the bounds by which clipping tells the cases apart.
        sizes, previous, scratch = state
        signs = signed(params.grads, self.growth)
        turn = np.multiply(previous, signs, out=previous)
        change = turn.clip(self.shrink - 1, self.growth - 1, out=scratch)
        change += 1
        sizes *= change
        # At a rate of 0 nothing moves, and any bounds will do.
        unit = np.where(rate, rate, 1)
        sizes.clip(self.smallest / unit, self.largest / unit, out=sizes)
        # 0 where the sign has changed, 1 elsewhere.
        stays = turn.clip(-1, 0, out=turn)
        stays += 1
        np.multiply(signs, stays, out=previous)
        np.multiply(previous, sizes, out=scratch)
        scratch *= rate / self.growth
        params.values -= scratch
