"""Rprop."""

from dataclasses import dataclass
from math import inf
from typing import Annotated

import numpy as np

from nnbench.allowed import BETWEEN, number, require
from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.optimizer import Optimizer, Positive, State
from nnbench.optim.signs import signed

ABOVE_ONE = number("a finite number above 1", lambda value: (value > 1) & (value < inf))


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

    shrink: Annotated[Column, BETWEEN] = 0.5
    """Factor of a size after a change of sign."""
    growth: Annotated[Column, ABOVE_ONE] = 1.2
    """Factor of a size otherwise."""
    smallest: Positive = 1e-6
    """Least size."""
    largest: Positive = 50.0
    """Greatest size."""

    def __post_init__(self) -> None:
        super().__post_init__()
        not_smaller = number("no less than smallest", lambda largest: largest >= self.smallest)
        require("largest", self.largest, not_smaller)

    def init(self, params: ParamStack) -> State:
        sizes = zeros_like(params.values)
        sizes[:] = 1
        return sizes, zeros_like(params.values), zeros_like(params.values)

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
