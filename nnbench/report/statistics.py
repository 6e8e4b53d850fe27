"""Intervals of means and of paired differences; scipy does the statistics."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

FEWEST_PAIRS = 6
"""With fewer pairs a report gives no verdict: five that all agree still have p = 0.06 in a test
that takes nothing for granted (Wilcoxon's, exact)."""


@dataclass(frozen=True)
class Estimate:
    """A mean and the interval that holds the true one at the stated confidence."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def settled(self) -> bool:
        """Whether the interval leaves out zero."""
        return bool(self.low > 0 or self.high < 0)


def estimate(
    values: pd.Series | np.ndarray,
    confidence: float = 0.95,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> Estimate:
    """Mean with its t-interval (Student 1908); no interval for fewer than two, or equal, values.

    A NaN stands for a lost run and leaves no mean: one over the survivors alone would flatter. The
    interval stays within what the true mean can be.
    """
    sample = np.asarray(values, float)
    if not sample.size or np.isnan(sample).any():
        return Estimate(np.nan, np.nan, np.nan, sample.size)
    mean = float(sample.mean())
    if sample.size < 2:
        return Estimate(mean, np.nan, np.nan, sample.size)
    error = float(stats.sem(sample))
    if error <= 1e-9 * max(1.0, abs(mean)):
        # Equal values say nothing of how much others would vary.
        return Estimate(mean, np.nan, np.nan, sample.size)
    low, high = stats.t.interval(confidence, sample.size - 1, loc=mean, scale=error)
    return Estimate(mean, max(float(low), within[0]), min(float(high), within[1]), sample.size)


def paired_difference(value: pd.Series, reference: pd.Series, confidence: float) -> Estimate:
    """Mean of value − reference over the seeds that both have, with its t-interval."""
    common = value.index.intersection(reference.index)
    return estimate(value[common] - reference[common], confidence)


def joint_confidence(comparisons: int, confidence: float = 0.95) -> float:
    """The confidence each of several intervals needs, so that all hold together (Bonferroni)."""
    return 1 - (1 - confidence) / max(comparisons, 1)


def median_with_lost(values: pd.Series) -> float:
    """The median, lost runs counted as the worst; −∞ if more than half were lost."""
    return float(values.fillna(-np.inf).quantile(0.5, interpolation="lower"))
