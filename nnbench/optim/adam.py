"""Adam and its form with decoupled weight decay."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nnbench.engine import compiled
from nnbench.engine.arrays import Array, Column, ParamStack, zeros_like
from nnbench.optim.ahead import each_run, place, powers, table
from nnbench.optim.optimizer import BelowOne, NotNegative, Optimizer, Positive, State


class AdamState(NamedTuple):
    """Memory of Adam: of the parameters (runs, size), powers (runs, 1), tables (see ahead.py)."""

    mean: Array
    """Running mean of the gradient, without its factor 1 − beta1."""
    square: Array
    """Running mean of its square."""
    scratch: Array
    power1: Array
    """beta1ᵗ at the end of the tables."""
    power2: Array
    """beta2ᵗ at the end of the tables."""
    factors: Array
    """Table of what the rate is multiplied by."""
    epsilons: Array
    """Table of what is added to the root."""


@dataclass(frozen=True)
class Adam(Optimizer):
    """Running means of the gradient and its square, freed of their start at 0 (Kingma & Ba 2015).

        mean     ← beta1 · mean + (1 − beta1) · gradient
        square   ← beta2 · square + (1 − beta2) · gradient²
        params   ← params − rate · mean / (1 − beta1ᵗ) / (√(square / (1 − beta2ᵗ)) + epsilon)

    Reference: torch.optim.Adam.
    """

    beta1: BelowOne = 0.9
    """Share of the previous mean kept at each step."""
    beta2: BelowOne = 0.999
    """Share of the previous mean square kept at each step."""
    epsilon: Positive = 1e-8
    """Added to the root."""

    def init(self, params: ParamStack) -> State:
        return AdamState(
            mean=zeros_like(params.values),
            square=zeros_like(params.values),
            scratch=zeros_like(params.values),
            power1=np.ones((params.runs, 1)),
            power2=np.ones((params.runs, 1)),
            factors=table(params),
            epsilons=table(params),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        if compiled.twins:
            now = self.look_up(state, t)
            arrays = params.values, params.grads, state.mean, state.square
            rates = rate * state.factors[:, now]
            compiled.twins.adam(*arrays, *self.columns, rates, state.epsilons, now)
        else:
            self.remember(params.grads, state)
            self.move(params, state, state.square, rate, t)

    @cached_property
    def root(self) -> Column:
        """√(1 − beta2), which gradients are multiplied by before anything else.

        A square without its factor 1 − beta2 would overflow at a 30th of the gradient that it
        overflows at with it, and an infinite one stays.
        """
        return (1 - self.beta2) ** 0.5

    @cached_property
    def columns(self) -> tuple[Array, Array, Array]:
        """`root`, beta1 and beta2 as arrays, (runs, 1) or (1, 1)."""
        root, beta1, beta2 = (np.reshape(c, (-1, 1)) for c in (self.root, self.beta1, self.beta2))
        return root, beta1, beta2

    def remember(self, gradients: Array, state: AdamState) -> None:
        """Take gradients, which are multiplied by `root`, into mean and square.

        The mean is kept without its factor 1 − beta1, which saves a pass over the vector; the rate
        takes over that factor and `root`.
        """
        mean, square, scratch = state.mean, state.square, state.scratch
        gradients *= self.root
        mean *= self.beta1
        mean += gradients
        np.multiply(gradients, gradients, out=scratch)
        square *= self.beta2
        square += scratch

    def move(
        self, params: ParamStack, state: AdamState, square: Array, rate: Column, t: int
    ) -> None:
        """Move the parameters against the mean, divided by the root of `square`."""
        direction, factor = self.direction(state, square, t)
        direction *= rate * factor
        params.values -= direction

    def direction(self, state: AdamState, square: Array, t: int) -> tuple[Array, Array]:
        """The mean divided by the root of `square`, and what that is to be multiplied by.

        They are (runs, size), in the state's scratch space, and (runs, 1).
        """
        scratch = state.scratch
        now = self.look_up(state, t)
        np.sqrt(square, out=scratch)
        scratch += state.epsilons[:, now]
        np.divide(state.mean, scratch, out=scratch)
        return scratch, state.factors[:, now]

    def look_up(self, state: AdamState, t: int) -> int:
        """The place of step `t` in the tables, which are filled when it is the first in them."""
        now = place(t)
        if now == 0:
            self.look_ahead(state, t)
        return now

    def look_ahead(self, state: AdamState, t: int) -> None:
        """Work out what rate and epsilon are multiplied by in the steps from `t` on."""
        beta1, beta2 = each_run(self.beta1), each_run(self.beta2)
        roots = np.sqrt(1 - powers(state.power2, self.beta2))
        of_mean = (1 - beta1) / (1 - powers(state.power1, self.beta1))
        state.factors[:] = of_mean * roots / np.sqrt(1 - beta2)
        state.epsilons[:] = each_run(self.epsilon) * roots


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam whose weight decay stays out of the gradient (Loshchilov & Hutter 2019).

        params   ← params − rate · weight_decay · params
        then as Adam.

    Reference: torch.optim.AdamW.
    """

    weight_decay: NotNegative = 0.01
    """Share of the parameters taken away at each step, times the rate."""

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        params.values *= 1 - rate * self.weight_decay
        super().step(params, state, rate, t)
