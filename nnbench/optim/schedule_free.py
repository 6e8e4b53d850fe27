"""Schedule-free gradient descent and AdamW."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, zeros_like
from nnbench.optim.ahead import each_run, place, powers, table
from nnbench.optim.optimizer import AboveZero, BelowOne, NotNegative, Optimizer, Positive, State


class ScheduleFreeSGDState(NamedTuple):
    """Memory of the average: of the parameters (runs, size), of the rates (runs, 1)."""

    base: Array
    scratch: Array
    largest: Array
    """Largest rate so far."""
    total: Array
    """Sum of the weights of all steps."""


class ScheduleFreeAdamWState(NamedTuple):
    """Memory of ScheduleFreeAdamW; tables as in ahead.py."""

    average: ScheduleFreeSGDState
    square: Array
    """Running mean of the squared gradient, (runs, size)."""
    power2: Array
    """beta2ᵗ at the end of the tables, (runs, 1)."""
    factors: Array
    """Table of what the rate is multiplied by."""
    epsilons: Array
    """Table of what is added to the root."""


@dataclass(frozen=True)
class ScheduleFreeSGD(Optimizer):
    """Gradient descent whose average takes the place of a falling rate (Defazio et al. 2024).

        base     ← base − rate · gradient
        share    = largestʷ / Σ largestʷ, with the largest rate so far and w = weight_power
        average  ← (1 − share) · average + share · base
        params   ← beta1 · average + (1 − beta1) · base

    Gradients are taken at params, the average is what is evaluated; only base is kept beside
    params, since the average follows from both. A schedule should at most warm up. Reference:
    optax.contrib.schedule_free_sgd, whose schedules are a step further in the shares.
    """

    evaluates_others: ClassVar[bool] = True

    beta1: AboveZero = 0.9
    """Share of the average in the parameters at which gradients are taken."""
    weight_power: NotNegative = 2.0
    """Power of the largest rate so far that is a step's weight in the average."""

    def init(self, params: ParamStack) -> State:
        return ScheduleFreeSGDState(
            base=params.values.copy(),
            scratch=zeros_like(params.values),
            largest=np.zeros((params.runs, 1)),
            total=np.zeros((params.runs, 1)),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        params.grads *= rate
        self.move(params, state, rate)

    def move(self, params: ParamStack, state: ScheduleFreeSGDState, rate: Column) -> None:
        """Take a step of the base, which lies in the gradients.

        What becomes of the parameters, with the average eliminated from the rule above:

            params   ← (1 − share) · params + share · base − (1 − beta1 · (1 − share)) · step
        """
        base, scratch, largest, total = state
        np.maximum(largest, rate, out=largest)
        weight = largest**self.weight_power
        total += weight
        share = np.divide(weight, total, out=np.zeros_like(total), where=total != 0)
        ahead = 1 - self.beta1 * (1 - share)
        np.subtract(base, params.values, out=scratch)
        scratch *= share.astype(scratch.dtype)
        params.values += scratch
        base -= params.grads
        params.grads *= ahead.astype(scratch.dtype)
        params.values -= params.grads

    def evaluated(self, params: ParamStack, state: State) -> Array:
        """The average, in the state's scratch space."""
        scratch: Array = state.scratch
        np.multiply(state.base, 1 - self.beta1, out=scratch)
        np.subtract(params.values, scratch, out=scratch)
        scratch /= self.beta1
        return scratch


@dataclass(frozen=True)
class ScheduleFreeAdamW(ScheduleFreeSGD):
    """AdamW without mean, whose average takes the place of a falling rate (Defazio et al. 2024).

        square   ← beta2 · square + (1 − beta2) · gradient²
        base     ← base − rate · gradient / (√(square / (1 − beta2ᵗ)) + epsilon)
                   − rate · weight_decay · params
        then as ScheduleFreeSGD.

    Reference: optax.contrib.schedule_free_adamw.
    """

    beta2: BelowOne = 0.999
    """Share of the previous mean square kept at each step."""
    epsilon: Positive = 1e-8
    """Added to the root."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters that a step of the base takes away, times the rate."""

    def init(self, params: ParamStack) -> State:
        return ScheduleFreeAdamWState(
            super().init(params),
            square=zeros_like(params.values),
            power2=np.ones((params.runs, 1)),
            factors=table(params),
            epsilons=table(params),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Gradients are multiplied by √(1 − beta2), which gives the square its factor: without, it
        # would overflow at smaller ones. The rate takes it over.
        scratch, square = state.average.scratch, state.square
        now = place(t)
        if now == 0:
            self.look_ahead(state)
        params.grads *= (1 - self.beta2) ** 0.5
        square *= self.beta2
        np.multiply(params.grads, params.grads, out=scratch)
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += state.epsilons[:, now]
        params.grads /= scratch
        params.grads *= rate * state.factors[:, now]
        np.multiply(params.values, rate * self.weight_decay, out=scratch)
        params.grads += scratch
        self.move(params, state.average, rate)

    def evaluated(self, params: ParamStack, state: State) -> Array:
        return super().evaluated(params, state.average)

    def look_ahead(self, state: ScheduleFreeAdamWState) -> None:
        """Work out what rate and epsilon are multiplied by in the next steps."""
        roots = np.sqrt(1 - powers(state.power2, self.beta2))
        state.factors[:] = roots / np.sqrt(1 - each_run(self.beta2))
        state.epsilons[:] = each_run(self.epsilon) * roots
