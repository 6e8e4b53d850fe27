"""Gradient descent, plain and with momentum."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Column, ParamStack, zeros_like
from nnbench.optim.optimizer import BelowOne, Optimizer, State


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent on a batch (Robbins & Monro 1951).

        params   ← params − rate · gradient

    Reference: torch.optim.SGD.
    """

    def init(self, params: ParamStack) -> State:
        return ()

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        params.grads *= rate
        params.values -= params.grads


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent that remembers its direction (Polyak 1964).

        velocity ← momentum · velocity + gradient
        params   ← params − rate · velocity

    Reference: torch.optim.SGD(momentum=…).
    """

    momentum: BelowOne = 0.9
    """Share of the previous velocity kept at each step."""

    def init(self, params: ParamStack) -> State:
        return zeros_like(params.values), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        velocity, scratch = state
        velocity *= self.momentum
        velocity += params.grads
        np.multiply(velocity, rate, out=scratch)
        params.values -= scratch


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Momentum that looks ahead (Nesterov 1983, in the form of Sutskever et al. 2013).

        velocity ← momentum · velocity + gradient
        params   ← params − rate · (gradient + momentum · velocity)

    Reference: torch.optim.SGD(momentum=…, nesterov=True).
    """

    momentum: BelowOne = 0.9
    """Share of the previous velocity kept at each step."""

    def init(self, params: ParamStack) -> State:
        return zeros_like(params.values), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        velocity, scratch = state
        velocity *= self.momentum
        velocity += params.grads
        np.multiply(velocity, self.momentum, out=scratch)
        scratch += params.grads
        scratch *= rate
        params.values -= scratch
