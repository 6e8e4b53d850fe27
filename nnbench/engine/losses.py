"""Losses: the value a run, and the gradient with respect to the network's outputs.

Outputs and targets are (runs, batch, outputs); classes come as one-hot targets. Every loss is a
mean over the batch, so that a learning rate means the same at any batch size.
"""

from typing import Protocol, Self

import numpy as np

from nnbench.engine.arrays import Array, Workspace


class Loss(Protocol):
    """A loss; `bind` gives a copy that owns the buffers its gradient needs."""

    def bind(self, work: Workspace) -> Self:
        """A copy for the stack and batch size of `work`."""

    def value(self, outputs: Array, targets: Array) -> Array:
        """The loss of every run, (runs,)."""

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        """Write d loss / d outputs into `out`."""


def mean_per_run(values: Array) -> Array:
    """Mean over all but the first axis, in float64: (runs, …) → (runs,)."""
    flat = values.reshape(values.shape[0], -1)
    mean: Array = np.add.reduce(flat, axis=1, dtype=np.float64) / flat.shape[1]
    return mean


class MeanSquaredError:
    """Mean over batch and outputs of (output − target)², as torch.nn.MSELoss.

    On a classification set it regresses the one-hot targets (Hui & Belkin 2020).
    """

    def bind(self, work: Workspace) -> Self:
        return self

    def value(self, outputs: Array, targets: Array) -> Array:
        return mean_per_run(np.square(outputs - targets))

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.subtract(outputs, targets, out=out)
        out *= 2 / (outputs.shape[1] * outputs.shape[2])
        return out


class CrossEntropy:
    """Mean over the batch of −Σ target · log softmax(output), as torch.nn.CrossEntropyLoss.

    Softmax is part of the loss: the gradient is softmax(output) − target.
    """

    tasks = ("classification",)
    row: Array

    def bind(self, work: Workspace) -> Self:
        bound = type(self)()
        bound.row = work.activations((1,))
        return bound

    def value(self, outputs: Array, targets: Array) -> Array:
        shifted = outputs - outputs.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=-1))
        return mean_per_run(log_sum - (shifted * targets).sum(axis=-1))

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.maximum.reduce(outputs, axis=-1, keepdims=True, out=self.row)
        np.subtract(outputs, self.row, out=out)
        np.exp(out, out=out)
        np.add.reduce(out, axis=-1, keepdims=True, out=self.row)
        out /= self.row
        out -= targets
        out *= 1 / outputs.shape[1]
        return out


class BinaryCrossEntropy:
    """Mean over batch and outputs of −t · log σ(x) − (1 − t) · log(1 − σ(x)), σ the sigmoid.

    As torch.nn.BCEWithLogitsLoss: each output is a yes-or-no question of its own.
    """

    tasks = ("classification",)

    def bind(self, work: Workspace) -> Self:
        return self

    def value(self, outputs: Array, targets: Array) -> Array:
        # log(1 + eˣ) as max(x, 0) + log(1 + e^−|x|), which does not overflow.
        softplus = np.maximum(outputs, 0) + np.log1p(np.exp(-np.abs(outputs)))
        return mean_per_run(softplus - outputs * targets)

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        # σ(x) through tanh, which neither overflows nor needs a division.
        np.multiply(outputs, 0.5, out=out)
        np.tanh(out, out=out)
        out += 1
        out *= 0.5
        out -= targets
        out *= 1 / (outputs.shape[1] * outputs.shape[2])
        return out
