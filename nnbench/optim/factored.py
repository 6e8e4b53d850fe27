"""Optimizers that remember rows and columns of a matrix instead of every element."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, zeros_like
from nnbench.optim.optimizer import BelowOne, NotNegative, Optimizer, Positive, State


@dataclass(frozen=True)
class SM3(Optimizer):
    """Adagrad with the memory of rows and columns only (Anil et al. 2019, its form II).

        square   = min(rows, columns) + gradient²; of a bias, square + gradient²
        rows, columns ← the largest square of each
        velocity ← momentum · velocity + (1 − momentum) · gradient / √(square + 1e-8)
        params   ← params − rate · velocity

    Reference: optax.sm3, on tensors that may have another shape there (see `Tensor`).
    """

    momentum: BelowOne = 0.9
    """Share of the previous velocity kept at each step."""

    def init(self, params: ParamStack) -> State:
        memory = zeros(params, [margins(tensor.shape) for tensor in params.tensors])
        return *(zeros_like(params.values) for _ in range(3)), memory

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        velocity, scratch, least, memory = state
        np.multiply(params.grads, params.grads, out=scratch)
        views = params.parts(scratch), params.parts(least)
        for square, smallest, largest in zip(*views, memory, strict=True):
            np.minimum(largest[0], largest[-1], out=smallest)
            square += smallest
            for margin in largest:
                axes = tuple(a for a, size in enumerate(margin.shape) if size != square.shape[a])
                np.copyto(margin, np.max(square, axis=axes, keepdims=True) if axes else square)
        scratch += 1e-8
        np.sqrt(scratch, out=scratch)
        np.divide(params.grads, scratch, out=scratch)
        scratch *= 1 - self.momentum
        velocity *= self.momentum
        velocity += scratch
        np.multiply(velocity, rate, out=scratch)
        params.values -= scratch


def zeros(
    params: ParamStack, shapes: Iterable[Iterable[tuple[int, ...]]]
) -> tuple[tuple[Array, ...], ...]:
    """Memory of every tensor that begins at 0, by the shapes it has for a run."""
    runs, dtype = params.runs, params.values.dtype
    return tuple(tuple(np.zeros((runs, *s), dtype) for s in several) for several in shapes)


def margins(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes of the rows and of the columns of a matrix; of a vector, its own."""
    if len(shape) < 2:
        return [shape]
    return [(shape[0], *[1] * (len(shape) - 1)), (1, *shape[1:])]


@dataclass(frozen=True)
class Adafactor(Optimizer):
    """Adam with the memory of rows and columns only (Shazeer & Stern 2018).

        keep     = 1 − t^(−decay_power)
        rows, columns ← running means of gradient², of a bias the elements themselves
        update   = gradient / √(rows · columns / mean(rows))
        step     = max(epsilon2, rms(params)) · min(rate, 1/√t) / max(1, rms(update) / threshold)
        params   ← params − rate · weight_decay · params − step · update

    rms is the root of the mean square of a tensor: steps are shares of the weights.
    Reference: torch.optim.Adafactor, on tensors that may have another shape there (see `Tensor`).
    """

    decay_power: Positive = 0.8
    """Power of 1/t that is forgotten at step t."""
    epsilon2: Positive = 1e-3
    """The least rms of the parameters that a step is a share of."""
    threshold: Positive = 1.0
    """The largest rms of an update."""
    weight_decay: NotNegative = 0.0
    """Share of the parameters taken away at each step, times the rate."""

    def init(self, params: ParamStack) -> State:
        memory = zeros(params, [means(tensor.shape) for tensor in params.tensors])
        return zeros_like(params.values), memory

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        scratch, memory = state
        forget = t ** -np.asarray(self.decay_power, np.float64)
        most = np.minimum(rate, t**-0.5)
        smallest = np.finfo(params.values.dtype).eps
        views = [params.parts(a) for a in (params.values, params.grads, scratch)]
        for values, gradient, square, running in zip(*views, memory, strict=True):
            column = (-1, *[1] * (values.ndim - 1))
            size = np.maximum(self.epsilon2, root_mean_square(values, square)) * most
            np.multiply(gradient, gradient, out=square)
            values *= np.reshape(1 - rate * self.weight_decay, column)
            for mean in running:
                axes = tuple(a for a, n in enumerate(mean.shape) if n != square.shape[a])
                # A bias is its own mean; of a matrix the squares are still needed for the other.
                now = square if len(running) == 1 else np.mean(square, axis=axes, keepdims=True)
                # Not by their difference, since that of infinite numbers is none.
                mean *= np.reshape(1 - forget, column)
                now *= np.reshape(forget, column)
                mean += now
            if len(running) == 1:
                np.copyto(square, running[0])
            else:
                rows, columns = running
                # Divided first, since the product may overflow.
                shares = rows / np.maximum(rows.mean(axis=1, keepdims=True), smallest)
                np.multiply(shares, columns, out=square)
            np.maximum(square, smallest**2, out=square)
            np.sqrt(square, out=square)
            np.divide(gradient, square, out=square)
            square *= np.reshape(
                size / np.maximum(1.0, root_mean_square(square, gradient) / self.threshold), column
            )
            values -= square


def means(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes of the means of rows and of columns of a matrix; of a vector, its own."""
    return [shape] if len(shape) < 2 else [(*shape[:-1], 1), (*shape[:-2], 1, shape[-1])]


def root_mean_square(values: Array, scratch: Array) -> Array:
    """Root of the mean square of each run's tensor, (runs, 1); overwrites `scratch`."""
    np.multiply(values, values, out=scratch)
    flat = scratch.reshape(len(scratch), -1)
    root: Array = np.sqrt(np.add.reduce(flat, axis=1, keepdims=True) / flat.shape[1])
    return root
