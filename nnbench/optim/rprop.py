"""Rprop."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.optimizer import State, numbers, require, require_positive, require_share


@dataclass(frozen=True)
class Rprop:
    """Steps by the gradient's sign, longer while it stays the same (Riedmiller & Braun 1993).

        size     ← growth · size where the gradient has its previous sign,
                   shrink · size where it has the other one, within smallest … largest
        gradient ← 0 where its sign has changed
        params   ← params − size · sign(gradient)

    Sizes begin at the rate; where a schedule changes it, they change with it. It needs the
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
        # Sizes are kept as multiples of the rate, and of the gradient only the sign.
        sizes, previous, signs = state
        np.sign(params.grads, out=signs)
        turn = np.multiply(previous, signs, out=previous)
        # The parabola that is shrink, 1 and growth at −1, 0 and 1: telling the cases apart takes
        # longer. The gradient has done its work.
        factor = np.multiply(turn, (self.growth + self.shrink) / 2 - 1, out=params.grads)
        factor += (self.growth - self.shrink) / 2
        factor *= turn
        factor += 1
        sizes *= factor
        np.clip(sizes, self.smallest / rate, self.largest / rate, out=sizes)
        # 0 where the sign has changed, 1 elsewhere.
        np.clip(turn, -1, 0, out=turn)
        turn += 1
        signs *= turn
        previous[:] = signs
        signs *= sizes
        signs *= rate
        params.values -= signs
