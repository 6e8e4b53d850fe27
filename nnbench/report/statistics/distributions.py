"""Quantiles, ranks and bootstrap intervals, bit for bit as scipy.stats has them.

Importing scipy.stats takes half a second, a fifth of a report's processor time; what is rarely
needed of it is imported where it is needed.
"""

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from nnbench.engine.arrays import Array


def student_quantile(probability: float, degrees: int) -> float:
    """The value below which a variable of Student's distribution lies with a probability."""
    return float(special.stdtrit(degrees, probability))


def normal_tail(value: float) -> float:
    """The probability with which a standard normal variable is larger than a value."""
    return float(special.ndtr(-value))


def normal_quantile(tail: float) -> float:
    """The value above which a standard normal variable lies with a probability."""
    return float(-special.ndtri(tail))


def mean_ranks(values: Array, axis: Literal[0, 1] = 0) -> Array:
    """Ranks along an axis of one or two, 1 for the smallest; ties share the mean of theirs.

    All of a series with a NaN are NaN.
    """
    ranks = pd.DataFrame(values).rank(axis=axis).to_numpy(float).reshape(values.shape)
    return np.where(np.isnan(values).any(axis=axis, keepdims=True), np.nan, ranks)


def central(values: Array, confidence: float) -> tuple[Array, Array]:
    """The ends of the middle of `values` (columns, draws) that has this share of them."""
    ordered = np.sort(values, axis=-1)
    last = values.shape[-1] - 1

    def quantile(share: float) -> Array:
        below, fraction = divmod(share * (last + 1) + (1 - share) - 1, 1)
        at = int(below)
        return np.asarray(
            (1 - fraction) * ordered[:, at] + fraction * ordered[:, min(at + 1, last)]
        )

    tail = (1 - confidence) / 2
    return quantile(tail), quantile(1 - tail)


def resampled_means(samples: Array, resamples: int, at_once: int) -> Array:
    """Means of rows (rows, columns) that are drawn again, (columns, resamples).

    At most `at_once` numbers are drawn at a time. The draws are the same for any sample of as many
    rows.
    """
    rng = np.random.default_rng(0)
    count = len(samples)
    batch = max(1, min(resamples, at_once // samples.size))
    columns = np.ascontiguousarray(samples.T)
    means = [
        columns[:, rng.integers(0, count, (min(batch, resamples - start), count))].mean(axis=-1)
        for start in range(0, resamples, batch)
    ]
    return np.concatenate(means, axis=-1)
