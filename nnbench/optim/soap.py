"""SOAP."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack
from nnbench.optim.adam import Adam, AdamState
from nnbench.optim.ahead import each_run
from nnbench.optim.optimizer import BelowOne, Count, NotNegative, State


class SOAPState(NamedTuple):
    """Memory of SOAP."""

    adam: AdamState
    sides: tuple[tuple["Side", "Side"], ...]
    """The rows and the columns of every weight matrix."""


@dataclass(frozen=True)
class SOAP(Adam):
    """Adam in the eigenbasis of Shampoo's preconditioners (Vyas et al. 2024).

        rotated  = leftᵀ · gradient · right
        mean     ← beta1 · mean + (1 − beta1) · rotated
        square   ← beta2 · square + (1 − beta2) · rotated²
        update   = mean / (√square + epsilon) · √(1 − beta2ᵗ) / (1 − beta1ᵗ)
        params   ← (1 − rate · weight_decay) · (params − rate · left · update · rightᵀ)

    left and right are close to the eigenvectors of running means of gradient · gradientᵀ and of
    gradientᵀ · gradient, which keep a share of beta2. At first they are those of the first
    gradient, which moves nothing and isn't counted by t; after every `period` steps, the Q of the
    QR decomposition of running mean · vectors, the vectors in the order of their eigenvalues. mean
    and square go with them. Biases take the same steps without rotation.

    The six products of a step cost about 12 n³ operations for a matrix of n rows and columns, as
    much as passing 2 n examples forward and back, so it is for small matrices. Reference:
    algorithm 3 of the paper, with the first step, the order of the vectors and the places of
    epsilon and decay as in the authors' code; kernels and gates are matrices (see `Tensor`).
    """

    beta1: BelowOne = 0.95
    """Share of the previous mean kept at each step."""
    beta2: BelowOne = 0.95
    """Share of the previous mean square kept at each step, and of the means behind the bases."""
    period: Count = 10
    """Steps between two bases."""
    weight_decay: NotNegative = 0.01
    """Share of the parameters taken away at each step, times the rate."""

    def init(self, params: ParamStack) -> State:
        runs, dtype = params.runs, params.values.dtype

        def side(size: int) -> Side:
            return Side(*(np.zeros((runs, size, size), dtype) for _ in Side._fields))

        shapes = (matrix.shape[1:] for matrix in matrices(params, params.values))
        sides = tuple((side(rows), side(columns)) for rows, columns in shapes)
        return SOAPState(super().init(params), sides)

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        adam, sides = state
        for gradient, (left, right) in zip(matrices(params, params.grads), sides, strict=True):
            left.learn(gradient, self.beta2)
            right.learn(gradient.swapaxes(1, 2), self.beta2)
            if t == 1:
                left.basis[:], right.basis[:] = eigenvectors(left.mean), eigenvectors(right.mean)
            else:
                gradient[:] = left.basis.swapaxes(1, 2) @ gradient @ right.basis
        if t > 1:
            self.remember(params.grads, adam)
            self.go(params, state, rate, t - 1)
            params.values *= 1 - rate * self.weight_decay
            self.turn(params, state, t - 1)

    def go(self, params: ParamStack, state: SOAPState, rate: Column, t: int) -> None:
        """Move the parameters along Adam's direction, turned back from the bases."""
        adam, sides = state
        direction, factor = self.direction(adam, adam.square, t)
        direction *= rate * factor
        for update, (left, right) in zip(matrices(params, direction), sides, strict=True):
            update[:] = left.basis @ update @ right.basis.swapaxes(1, 2)
        params.values -= direction

    def look_ahead(self, state: AdamState, t: int) -> None:
        super().look_ahead(state, t)
        # Epsilon is added to a root that is not yet freed of its start at 0.
        state.epsilons[:] = each_run(self.epsilon)

    def turn(self, params: ParamStack, state: SOAPState, t: int) -> None:
        """Give the runs for which it is time new bases, and turn mean and square with them."""
        due = np.flatnonzero(np.broadcast_to(t % np.asarray(self.period) == 0, (params.runs, 1)))
        if not due.size:
            return
        adam, sides = state
        mean, square = matrices(params, adam.mean), matrices(params, adam.square)
        for m, s, (left, right) in zip(mean, square, sides, strict=True):
            rows, by_rows = left.turn(due)
            columns, by_columns = right.turn(due)
            m[due] = rows @ m[due] @ columns.swapaxes(1, 2)
            s[due] = np.take_along_axis(
                np.take_along_axis(s[due], by_rows[:, :, None], 1), by_columns[:, None, :], 2
            )


class Side(NamedTuple):
    """The rows or the columns of a weight matrix; arrays are (runs, n, n)."""

    mean: Array
    """Running mean of gradient · gradientᵀ."""
    basis: Array
    """Its vectors, in columns."""

    def learn(self, gradient: Array, keep: Column) -> None:
        """Take gradients, (runs, n, others), into the mean."""
        decay = np.reshape(keep, (-1, 1, 1))
        products = gradient @ gradient.swapaxes(1, 2)
        products *= 1 - decay
        self.mean[:] *= decay
        self.mean[:] += products

    def turn(self, runs: Array) -> tuple[Array, Array]:
        """Bring the basis of some runs closer to the eigenvectors of the mean.

        Returns what turns a vector in the old basis into one in the new, (runs, n, n), and where
        the new vectors were among the old, (runs, n).
        """
        old = self.basis[runs]
        power = self.mean[runs] @ old
        order = np.argsort(-(old * power).sum(axis=1), axis=1)
        new, _ = np.linalg.qr(np.take_along_axis(power, order[:, None, :], axis=2))
        self.basis[runs] = new
        return new.swapaxes(1, 2) @ old, order


def matrices(params: ParamStack, array: Array) -> list[Array]:
    """Views (runs, rows, columns) of the weight matrices in an array like the parameters."""
    return [tensor for tensor in params.parts(array) if tensor.ndim == 3]


def eigenvectors(symmetric: Array) -> Array:
    """Eigenvectors (runs, n, n), the largest first; NaN for matrices that aren't finite."""
    vectors = np.full_like(symmetric, np.nan)
    # LAPACK raises for all where one run has diverged.
    whole = np.isfinite(symmetric).all(axis=(1, 2))
    vectors[whole] = np.linalg.eigh(symmetric[whole])[1][:, :, ::-1]
    return vectors
