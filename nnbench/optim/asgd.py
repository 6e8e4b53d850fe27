"""ASGD."""

from dataclasses import dataclass

from nnbench.engine.arrays import Column, ParamStack
from nnbench.optim.optimizer import NotNegative, Optimizer, State


@dataclass(frozen=True)
class ASGD(Optimizer):
    """Gradient descent with the falling rate made for averaging (Polyak & Juditsky 1992).

        fallen   = rate / (1 + decay · rate · (t − 1))^power
        params   ← (1 − decay · fallen) · params − fallen · gradient

    Reference: torch.optim.ASGD, whose parameters these are, but that under a schedule torch takes
    the rate of the step before. The average, which torch keeps beside them from step `t0` = 10⁶
    on, is measured neither there nor here.
    """

    decay: NotNegative = 1e-4
    """Decay of the rate; also the share of the parameters taken away, times the rate."""
    power: NotNegative = 0.75
    """Power of time with which the rate falls."""

    def init(self, params: ParamStack) -> State:
        return ()

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        fallen = rate / (1 + self.decay * rate * (t - 1)) ** self.power
        params.values *= 1 - self.decay * fallen
        params.grads *= fallen
        params.values -= params.grads
