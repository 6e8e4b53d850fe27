"""Losses of classes, whose targets are one-hot."""

from copy import copy
from dataclasses import dataclass, field
from math import log
from typing import Annotated, ClassVar, Self

import numpy as np

from nnbench.allowed import BELOW_ONE, NOT_NEGATIVE, Checked
from nnbench.engine import compiled
from nnbench.engine.arrays import Array, Workspace
from nnbench.engine.losses.loss import Loss, mean_per_run


@dataclass
class CrossEntropy(Checked, Loss):
    """Mean over the batch of −Σ target · log softmax(output), as torch.nn.CrossEntropyLoss.

    Softmax is part of the loss: the gradient is softmax(output) − target. `label_smoothing` is the
    share of each target that goes to all classes alike (Szegedy et al. 2016).
    """

    tasks: ClassVar[tuple[str, ...]] = ("classification",)

    label_smoothing: Annotated[float, BELOW_ONE] = 0.0
    row: Array = field(init=False, repr=False)

    def bind(self, work: Workspace) -> Self:
        bound = copy(self)
        bound.row = work.activations((1,))
        return bound

    def value(self, outputs: Array, targets: Array) -> Array:
        right, shifted = against_largest(outputs, targets)
        if self.label_smoothing:
            right *= 1 - self.label_smoothing
            right += self.label_smoothing / len(shifted) * np.add.reduce(shifted)
        return mean_per_run(log_sum_exp(shifted) - right)

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        runs, batch, classes = outputs.shape
        weight = 1 - self.label_smoothing
        smoothing = self.label_smoothing / classes / weight
        if compiled.twins:
            compiled.twins.subtract_largest(outputs, out)
        else:
            # A maximum over the first axis is several times as fast as one over a short last axis.
            columns = out.reshape(classes, runs, batch)
            np.copyto(columns, outputs.transpose(2, 0, 1))
            np.maximum.reduce(columns, axis=0, out=self.row[..., 0])
            np.subtract(outputs, self.row, out=out)
        np.exp(out, out=out)
        np.add.reduce(out, axis=-1, keepdims=True, out=self.row)
        # Everything is divided by the share that targets keep until the end, since smoothed
        # targets would need a buffer of their own.
        if compiled.twins:
            scalars = weight, smoothing, weight / batch
            compiled.twins.divide_less_targets(out, self.row, targets, *scalars)
        else:
            self.row *= weight
            out /= self.row
            out -= targets
            if smoothing:
                out -= smoothing
            out *= weight / batch
        return out


class BinaryCrossEntropy(Loss):
    """Mean over batch and outputs of −t · log σ(x) − (1 − t) · log(1 − σ(x)), σ the sigmoid.

    As torch.nn.BCEWithLogitsLoss: each output is a yes-or-no question of its own.
    """

    tasks: ClassVar[tuple[str, ...]] = ("classification",)

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


@dataclass
class Focal(Checked, Loss):
    """Mean over the batch of −(1 − p)^gamma · log p, p the softmax of the right class's output.

    Examples that are right already count for less (Lin et al. 2017, for several classes and
    without weights of classes); with gamma 0 it is the cross-entropy. PyTorch has none; its
    gradient of the formula is the reference.
    """

    tasks: ClassVar[tuple[str, ...]] = ("classification",)

    gamma: Annotated[float, NOT_NEGATIVE] = 2.0
    row: Array = field(init=False, repr=False)
    p: Array = field(init=False, repr=False)
    log_p: Array = field(init=False, repr=False)

    def bind(self, work: Workspace) -> Self:
        bound = copy(self)
        bound.row, bound.p, bound.log_p = (work.activations((1,)) for _ in range(3))
        return bound

    def value(self, outputs: Array, targets: Array) -> Array:
        right, shifted = against_largest(outputs, targets)
        log_p = right - log_sum_exp(shifted)
        return mean_per_run((-np.expm1(log_p)) ** self.gamma * -log_p)

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.maximum.reduce(outputs, axis=-1, keepdims=True, out=self.row)
        np.subtract(outputs, self.row, out=out)
        np.vecdot(out, targets, out=self.log_p[..., 0])
        np.exp(out, out=out)
        np.add.reduce(out, axis=-1, keepdims=True, out=self.row)
        out /= self.row
        out -= targets
        np.log(self.row, out=self.row)
        self.log_p -= self.row
        np.exp(self.log_p, out=self.p)
        # softmax − target times (1 − p)^gamma · (1 − gamma · p · log p / (1 − p)), where the
        # quotient would be 0 / 0 at p = 1.
        one_minus_p = np.negative(np.expm1(self.log_p, out=self.row), out=self.row)
        self.p *= self.log_p
        self.p *= -self.gamma
        np.maximum(one_minus_p, np.finfo(one_minus_p.dtype).tiny, out=self.log_p)
        self.p /= self.log_p
        self.p += 1
        np.power(one_minus_p, self.gamma, out=one_minus_p)
        self.p *= one_minus_p
        self.p *= 1 / outputs.shape[1]
        out *= self.p
        return out


@dataclass
class Hinge(Loss):
    """Mean over the batch of Σ max(0, 1 − output of the right class + another's) / classes.

    The sum is over the wrong classes (Weston & Watkins 1999); as torch.nn.MultiMarginLoss.
    """

    tasks: ClassVar[tuple[str, ...]] = ("classification",)

    row: Array = field(init=False, repr=False)

    def bind(self, work: Workspace) -> Self:
        bound = copy(self)
        bound.row = work.activations((1,))
        return bound

    def value(self, outputs: Array, targets: Array) -> Array:
        right = np.vecdot(outputs, targets)[..., None]
        return mean_per_run(np.maximum(1 - right + outputs, 0) * (1 - targets))

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        # 1 for the right class and for each that comes too close to it; their number goes off
        # the right class, by way of a division, since a product with targets would need a buffer.
        np.vecdot(outputs, targets, out=self.row[..., 0])
        np.subtract(outputs, self.row, out=out)
        np.greater(out, -1, out=out)
        np.add.reduce(out, axis=-1, keepdims=True, out=self.row)
        out /= self.row
        out -= targets
        self.row *= 1 / (outputs.shape[1] * outputs.shape[2])
        out *= self.row
        return out


class PoissonNegativeLogLikelihood(Loss):
    """Mean over batch and outputs of e^output − target · output (Nelder & Wedderburn 1972).

    As torch.nn.PoissonNLLLoss: the output is the logarithm of the expected count. Targets must be
    counts, 0 or more, such as one-hot rows; those of a regression are standardised, so that some
    are negative and the loss would have no lower bound. An exponential that comes near the largest
    number of its precision goes on as a straight line.
    """

    tasks: ClassVar[tuple[str, ...]] = ("classification",)

    def bind(self, work: Workspace) -> Self:
        return self

    def value(self, outputs: Array, targets: Array) -> Array:
        bounded = np.minimum(outputs, largest_exponent(outputs))
        return mean_per_run(np.exp(bounded) * (1 + (outputs - bounded)) - targets * outputs)

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        np.minimum(outputs, largest_exponent(outputs), out=out)
        np.exp(out, out=out)
        out -= targets
        out *= 1 / (outputs.shape[1] * outputs.shape[2])
        return out


def largest_exponent(outputs: Array) -> float:
    """Output at which e^output is the root of the largest number of its precision."""
    return log(np.finfo(outputs.dtype).max) / 2


def against_largest(outputs: Array, targets: Array) -> tuple[Array, Array]:
    """Outputs less the largest of their row: the right class's (runs, batch), and those by class.

    The second is (classes, runs, batch), since reducing over the first axis is several times as
    fast as over a short last one.
    """
    by_class = outputs.transpose(2, 0, 1).copy()
    largest = np.maximum.reduce(by_class)
    by_class -= largest
    return np.vecdot(outputs, targets) - largest, by_class


def log_sum_exp(by_class: Array) -> Array:
    """Logarithm of Σ e^output, (classes, runs, batch) → (runs, batch), in place."""
    np.exp(by_class, out=by_class)
    total: Array = np.add.reduce(by_class)
    return np.log(total, out=total)
