"""Steps scaled to the size of the weights they change, tensor by tensor."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, norms, zeros_like
from nnbench.optim.adam import Adam
from nnbench.optim.optimizer import BelowOne, NotNegative, Optimizer, Positive, State


@dataclass(frozen=True)
class LARS(Optimizer):
    """Momentum with a rate for every tensor (You, Gitman & Ginsburg 2017).

        update   = gradient + weight_decay · params
        trust    = trust_coefficient · ‖params‖ / ‖update‖, or 1 where either is 0
        velocity ← momentum · velocity + rate · trust · update
        params   ← params − velocity

    Norms are those of each weight matrix and each bias. Reference: optax.lars. Gates of a recurrent
    layer count one by one (see `Tensor`).
    """

    momentum: BelowOne = 0.9
    """Share of the previous velocity kept at each step."""
    trust_coefficient: Positive = 0.001
    """Largest step, as a share of the weights' norm, at a rate of 1."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters that is added to the gradient."""

    def init(self, params: ParamStack) -> State:
        return zeros_like(params.values), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        velocity, scratch = state
        np.multiply(params.values, self.weight_decay, out=scratch)
        params.grads += scratch
        trust(params, params.grads, scratch, self.trust_coefficient * rate, rate)
        velocity *= self.momentum
        velocity += params.grads
        params.values -= velocity


@dataclass(frozen=True)
class LAMB(Adam):
    """Adam with a rate for every tensor (You et al. 2020).

        update   = Adam's direction + weight_decay · params
        trust    = ‖params‖ / ‖update‖, or 1 where either is 0
        params   ← params − rate · trust · update

    Norms are those of each weight matrix and each bias. Reference: optax.lamb. Gates of a recurrent
    layer count one by one (see `Tensor`).
    """

    epsilon: Positive = 1e-6
    """Added to the root."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters that is added to the direction."""

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        self.remember(params.grads, state)
        direction, factor = self.direction(state, state.square, t)
        direction *= factor
        scratch = params.grads
        np.multiply(params.values, self.weight_decay, out=scratch)
        direction += scratch
        trust(params, direction, scratch, rate, rate)
        params.values -= direction


def trust(
    params: ParamStack, update: Array, scratch: Array, factor: Column, otherwise: Column
) -> None:
    """Multiply each tensor of an update by factor · ‖params‖ / ‖update‖, in place.

    Where either norm is 0 it is multiplied by `otherwise`.
    """
    sizes, lengths = (of_tensors(params, array, scratch) for array in (params.values, update))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = np.where((sizes == 0) | (lengths == 0), otherwise, factor * sizes / lengths)
    # An update next to 0 may be further from the weights than any number says.
    np.minimum(ratios, np.finfo(ratios.dtype).max, out=ratios)
    for tensor, ratio in zip(params.tensors, ratios.T, strict=True):
        update[:, tensor.start : tensor.end] *= ratio[:, None]


def of_tensors(params: ParamStack, array: Array, scratch: Array) -> Array:
    """Euclidean norm of every tensor of an array like the parameters: (runs, tensors)."""
    return norms(array, scratch, [slice(t.start, t.end) for t in params.tensors])


@dataclass(frozen=True)
class NovoGrad(Optimizer):
    """Gradients divided by the running norm of their tensor (Ginsburg et al. 2019).

        square   ← ‖gradient‖² at the first step, then beta2 · square + (1 − beta2) · ‖gradient‖²
        velocity ← beta1 · velocity + gradient / (√square + epsilon) + weight_decay · params
        params   ← params − rate · velocity

    Reference: optax.novograd. Gates of a recurrent layer count one by one (see `Tensor`).
    """

    beta1: BelowOne = 0.9
    """Share of the previous velocity kept at each step."""
    beta2: BelowOne = 0.25
    """Share of the previous squared norm kept at each step."""
    epsilon: Positive = 1e-6
    """Added to the norm."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters that is added to the scaled gradient."""

    def init(self, params: ParamStack) -> State:
        # In float64: squares of norms are beyond float32 long before the norms are.
        squares = np.zeros((params.runs, len(params.tensors)))
        return squares, zeros_like(params.values), zeros_like(params.values)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        squares, velocity, scratch = state
        now = of_tensors(params, params.grads, scratch).astype(np.float64) ** 2
        decay = self.beta2 if t > 1 else 0.0
        squares *= decay
        squares += (1 - decay) * now
        lengths = (np.sqrt(squares) + self.epsilon).astype(scratch.dtype)
        for tensor, length in zip(params.tensors, lengths.T, strict=True):
            params.grads[:, tensor.start : tensor.end] /= length[:, None]
        velocity *= self.beta1
        velocity += params.grads
        np.multiply(params.values, self.weight_decay, out=scratch)
        velocity += scratch
        np.multiply(velocity, rate, out=scratch)
        params.values -= scratch
