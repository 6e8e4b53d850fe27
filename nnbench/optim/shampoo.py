"""Shampoo."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.optimizer import Optimizer, Positive, State


@dataclass(frozen=True)
class Shampoo(Optimizer):
    """Gradients preconditioned on both sides of a matrix (Gupta, Koren & Singer 2018).

        left     ← left + gradient · gradientᵀ
        right    ← right + gradientᵀ · gradient
        params   ← params − rate · left^(−1/4) · gradient · right^(−1/4)

    left and right begin as epsilon times the identity. A bias has one side, to the power −1/2.
    Roots are taken by eigenvalues at every step: for a matrix of n rows and columns that costs
    about 20 n³ operations a side, a hundred times the rest of a step at a width of 64, so it is
    for small matrices only. Reference: algorithm 1 of the paper, with kernels and gates as matrices
    (see `Tensor`).
    """

    epsilon: Positive = 1e-4
    """Factor of the identity that the preconditioners begin with."""

    def init(self, params: ParamStack) -> State:
        # In float64: small eigenvalues matter, and float32 rounds them off.
        begin = np.broadcast_to(self.epsilon, (params.runs, 1)).astype(np.float64)[:, :, None]
        return tuple(
            tuple(begin * np.eye(size) for size in tensor.shape) for tensor in params.tensors
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        views = params.parts(params.values), params.parts(params.grads)
        for values, gradient, sides in zip(*views, state, strict=True):
            column = np.reshape(rate, (-1, *[1] * (values.ndim - 1)))
            if values.ndim == 2:
                (only,) = sides
                matrix = gradient[:, :, None].astype(np.float64)
                only += matrix @ matrix.swapaxes(1, 2)
                update = (root(only, -1 / 2, self.epsilon) @ matrix)[:, :, 0]
            else:
                left, right = sides
                matrix = gradient.astype(np.float64)
                left += matrix @ matrix.swapaxes(1, 2)
                right += matrix.swapaxes(1, 2) @ matrix
                update = (
                    root(left, -1 / 4, self.epsilon) @ matrix @ root(right, -1 / 4, self.epsilon)
                )
            values -= column * update


def root(matrices: Array, power: float, least: Column) -> Array:
    """Powers of symmetric matrices, (runs, n, n), with eigenvalues of no less than `least`.

    NaN for those that aren't finite.
    """
    powers = np.full_like(matrices, np.nan)
    # LAPACK raises for all where one run has diverged.
    whole = np.isfinite(matrices).all(axis=(1, 2))
    values, vectors = np.linalg.eigh(matrices[whole])
    # Rounding can make them less than they began with, and even negative.
    values = np.maximum(values, np.broadcast_to(least, (len(matrices), 1))[whole])
    powers[whole] = (vectors * values[:, None, :] ** power) @ vectors.swapaxes(1, 2)
    return powers
