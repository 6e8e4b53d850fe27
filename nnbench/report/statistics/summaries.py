"""Single numbers that stand for several."""

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array


def interquartile_mean(values: pd.Series) -> float:
    """The mean of the middle half, failed runs counted as the worst; −∞ if those reach it.

    Agarwal et al. 2021.
    """
    if not len(values):
        return np.nan
    with np.errstate(over="ignore"):
        return float(middle_half(values.fillna(-np.inf).to_numpy()).mean())


def middle_half(values: Array) -> Array:
    """The values without the lowest and the highest quarter, those rounded down."""
    cut = len(values) // 4
    return np.partition(values, (cut, len(values) - cut - 1))[cut : len(values) - cut]


def median_with_lost(values: pd.Series) -> float:
    """The median, diverged and failed runs counted as the worst; −∞ if those are more than half."""
    return float(values.fillna(-np.inf).quantile(0.5, interpolation="lower"))


def median_time(times: pd.Series | Array) -> float:
    """The median of times that may be infinite, or NaN for never; infinite if most are.

    If exactly half are finite it is the slowest of those.
    """
    if not len(times):
        return np.nan
    finite = pd.Series(times, dtype=float).fillna(np.inf)
    low, high = (finite.quantile(0.5, interpolation=end) for end in ("lower", "higher"))
    return float((low + high) / 2 if np.isfinite(high) else low)


def improvement(differences: Array) -> float:
    """The share of pairs in which there is one; equal pairs count half. NaN for no pairs."""
    if not len(differences):
        return np.nan
    return float(np.mean((differences > 0) + 0.5 * (differences == 0)))
