"""Losses of the distance between outputs and targets; on classes, those of the one-hot targets."""

from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np

from nnbench.allowed import POSITIVE, Checked
from nnbench.engine.arrays import Array, Workspace
from nnbench.engine.losses.loss import Loss, mean_per_run


class MeanSquaredError(Loss):
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


class MeanAbsoluteError(Loss):
    """Mean over batch and outputs of |output − target|, as torch.nn.L1Loss.

    Where output and target are the same, the gradient is taken as 0.
    """

    def bind(self, work: Workspace) -> Self:
        return self

    def value(self, outputs: Array, targets: Array) -> Array:
        return mean_per_run(np.abs(outputs - targets))

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.subtract(outputs, targets, out=out)
        np.sign(out, out=out)
        out *= 1 / (outputs.shape[1] * outputs.shape[2])
        return out


@dataclass(frozen=True)
class Huber(Checked, Loss):
    """Mean over batch and outputs of e² / 2 up to |e| = delta, and a straight line beyond it.

    e is output − target, the line delta · (|e| − delta / 2) (Huber 1964); as torch.nn.HuberLoss.
    """

    delta: Annotated[float, POSITIVE] = 1.0

    def bind(self, work: Workspace) -> Self:
        return self

    def value(self, outputs: Array, targets: Array) -> Array:
        errors = outputs - targets
        bounded = np.clip(errors, -self.delta, self.delta)
        return mean_per_run(bounded * (errors - bounded / 2))

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.subtract(outputs, targets, out=out)
        np.maximum(out, -self.delta, out=out)
        np.minimum(out, self.delta, out=out)
        out *= 1 / (outputs.shape[1] * outputs.shape[2])
        return out


class LogCosh(Loss):
    """Mean over batch and outputs of log cosh(output − target) (Saleh & Saleh 2022).

    Close to half the square of small errors and to the size of large ones, and smooth in between.
    PyTorch has none; its logarithm and cosh are the reference.
    """

    def bind(self, work: Workspace) -> Self:
        return self

    def value(self, outputs: Array, targets: Array) -> Array:
        # log cosh e as |e| + log(1 + e^−2|e|) − log 2, which does not overflow.
        sizes = np.abs(outputs - targets)
        return mean_per_run(sizes + np.log1p(np.exp(-2 * sizes)) - np.log(2))

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.subtract(outputs, targets, out=out)
        np.tanh(out, out=out)
        out *= 1 / (outputs.shape[1] * outputs.shape[2])
        return out
