"""Loops over numbers, each of which takes the place of several passes of NumPy's once compiled.

A loop performs on each number the operations of the NumPy code that it stands for, in their order
and rounded likewise, so that results are equal to the bit. So none of them sums, and none has a
function such as exp, whose last digit depends on the library.
"""

import numpy as np

from nnbench.engine.arrays import Array


def add_bias(y: Array, bias: Array) -> None:
    """Add a bias (runs, 1, units) to y (runs, batch, units)."""
    runs, batch, units = y.shape
    for run in range(runs):
        # A loop over memory without gaps takes a third of the time.
        of_run = np.ascontiguousarray(bias[run, 0])
        for row in range(batch):
            for unit in range(units):
                y[run, row, unit] += of_run[unit]


def rectify(x: Array) -> None:
    """Turn x into max(x, 0); what is not a number stays so."""
    zero = x.dtype.type(0)
    for i in range(x.size):
        number = x.flat[i]
        x.flat[i] = number if number > zero or number != number else zero


def mark_positive(y: Array, out: Array) -> None:
    """Write 1 where y > 0 into `out`, and 0 elsewhere."""
    for i in range(y.size):
        out.flat[i] = y.flat[i] > 0


def subtract_largest(outputs: Array, out: Array) -> None:
    """Write outputs (runs, batch, classes) less the largest of their row into `out`."""
    runs, batch, classes = outputs.shape
    for run in range(runs):
        for row in range(batch):
            largest = outputs[run, row, 0]
            for number in range(1, classes):
                other = outputs[run, row, number]
                largest = other if other > largest or other != other else largest
            for number in range(classes):
                out[run, row, number] = outputs[run, row, number] - largest


def divide_less_targets(
    out: Array, totals: Array, targets: Array, weight: float, smoothing: float, scale: float
) -> None:
    """Turn `out` into (out / (totals · weight) − targets − smoothing) · scale.

    `out` and targets are (runs, batch, classes), totals (runs, batch, 1).
    """
    runs, batch, classes = out.shape
    # Rounded first, as NumPy does with a number beside an array.
    share, less, factor = out.dtype.type(weight), out.dtype.type(smoothing), out.dtype.type(scale)
    for run in range(runs):
        for row in range(batch):
            total = totals[run, row, 0] * share
            for number in range(classes):
                quotient = out[run, row, number] / total
                out[run, row, number] = (quotient - targets[run, row, number] - less) * factor


def adam(
    values: Array,
    grads: Array,
    mean: Array,
    square: Array,
    root: Array,
    beta1: Array,
    beta2: Array,
    rate: Array,
    epsilons: Array,
    now: int,
) -> None:
    """Take a step of Adam's, on arrays (runs, size).

    Root, which gradients are multiplied by, beta1 and beta2 are (runs, 1) or (1, 1), the rate is
    (runs, 1), and epsilons are a table, (runs, steps, 1), of which `now` is the step.
    """
    runs, size = values.shape
    kind = values.dtype.type
    for run in range(runs):
        scale = kind(root[run % len(root), 0])
        keep1, keep2 = kind(beta1[run % len(beta1), 0]), kind(beta2[run % len(beta2), 0])
        factor, epsilon = rate[run, 0], epsilons[run, now, 0]
        for i in range(size):
            gradient = grads[run, i] * scale
            new_mean = mean[run, i] * keep1 + gradient
            new_square = square[run, i] * keep2 + gradient * gradient
            mean[run, i], square[run, i] = new_mean, new_square
            values[run, i] -= new_mean / (np.sqrt(new_square) + epsilon) * factor
