"""Estimates and tests; scipy and statsmodels do the statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

from nnbench.data.columns import LARGEST
from nnbench.engine.arrays import Array

CONFIDENCE = 0.95

FEWEST_PAIRS = 6
"""With fewer pairs a report gives no verdict: five that all agree still have p = 0.06 in a test
that takes nothing for granted (Wilcoxon's, exact). Nor do fewer numbers give an interval."""

RESAMPLES = 4_999

AT_ONCE = 4_000_000
"""Numbers that are drawn again at a time: 32 megabytes."""

REMEMBERED = 16_384
"""Estimates that are kept: those of 4,000 groups."""

EXACT_PAIRS = 13
"""Up to here all signs are gone through where there are ties, which leaves the test exact; without
ties it is exact up to 50."""

SAME_DIGITS = 9
"""Differences that agree so far, as shares of the largest, are ties."""

EFFICIENCY = 3 / np.pi
"""Of Wilcoxon's signed-rank test beside the t-test, on normal differences (Hodges & Lehmann
1956)."""

MOST_PAIRS = 1_000_000
"""More than can be run, however many more it would be."""

POWER = 0.8
"""The chance with which a test shall find what there is, when seeds are counted for it."""


@dataclass(frozen=True)
class Estimate:
    """A figure and the interval that holds the true one at the stated confidence."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval; where there is none, as of values that are all the same, the mean twice."""
        return (self.mean, self.mean) if np.isnan(self.low) else (self.low, self.high)


def estimate(
    values: pd.Series | Array, within: tuple[float, float] = (-np.inf, np.inf)
) -> Estimate:
    """Mean with its bootstrap interval; no interval for few, or equal, values.

    Percentiles of resampled means (Efron 1979) are taken further out, as far as a t-interval is
    wider than a normal one: they alone hold too rarely for few values (Hesterberg 2015): the
    mean of ten normal numbers in 90.3% of 1,500 cases (BCa: 89.7%) instead of 94.9%. A NaN
    stands for a lost run and leaves no mean: one over the survivors alone would flatter. The
    interval stays within what the true mean can be.
    """
    # Several sections want to know the same.
    return estimate_of(np.asarray(values, float).tobytes(), within)


@lru_cache(REMEMBERED)
def estimate_of(numbers: bytes, within: tuple[float, float]) -> Estimate:
    """The same, of the bytes of the sample."""
    sample = np.frombuffer(numbers)
    if not (sample.size and (np.abs(sample) <= LARGEST).all()):
        return Estimate(np.nan, np.nan, np.nan, sample.size)
    mean = float(sample.mean())
    if sample.size < FEWEST_PAIRS or np.ptp(sample) <= 1e-9 * max(1.0, abs(mean)):
        # Equal values say nothing of how much others would vary.
        return Estimate(mean, np.nan, np.nan, sample.size)
    low, high = (float(end[0]) for end in intervals(sample[:, None]))
    return Estimate(mean, max(low, within[0]), min(high, within[1]), sample.size)


def intervals(samples: Array) -> tuple[Array, Array]:
    """The ends of the interval of each column's mean, all from the same resamples of the rows."""
    found = stats.bootstrap(
        (samples,),
        np.mean,
        axis=0,
        n_resamples=RESAMPLES,
        batch=max(1, min(RESAMPLES, AT_ONCE // samples.size)),
        confidence_level=expanded(CONFIDENCE, len(samples)),
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return np.asarray(found.low), np.asarray(found.high)


def expanded(confidence: float, count: int) -> float:
    """The nominal confidence at which percentiles of means hold as often as they shall."""
    t = stats.t.ppf((1 + confidence) / 2, count - 1)
    return float(2 * stats.norm.cdf(np.sqrt(count / (count - 1)) * t) - 1)


def interquartile_mean(values: pd.Series) -> float:
    """The mean of the middle half, failed runs counted as the worst; −∞ if those reach it.

    Agarwal et al. 2021.
    """
    with np.errstate(over="ignore"):
        return float(stats.trim_mean(values.fillna(-np.inf), 0.25)) if len(values) else np.nan


def median_with_lost(values: pd.Series) -> float:
    """The median, diverged and failed runs counted as the worst; −∞ if more than half were lost."""
    return float(values.fillna(-np.inf).quantile(0.5, interpolation="lower"))


def signed_rank(differences: Array) -> float:
    """The two-sided p of Wilcoxon's signed-rank test (1945); zeros are left out.

    Exact up to 13 pairs, and up to 50 without ties. Only the ranks of infinite differences count.
    """
    differences = np.nan_to_num(differences, nan=0.0, posinf=np.inf, neginf=-np.inf)
    sizes = np.abs(differences)
    largest = np.max(sizes, initial=0.0, where=np.isfinite(sizes))
    # Accuracies are counts: 0.95 − 0.9 and 0.85 − 0.8 are the same, but for how they are rounded.
    known = np.round(differences / largest, SAME_DIGITS) if largest else differences
    told = known[known != 0]
    if told.size < 2:
        # One alone may as well have had the other sign.
        return 1.0
    # They stand for the differences, which may be infinite.
    ranks = np.sign(told) * stats.rankdata(np.abs(told))
    is_tied = np.unique(np.abs(ranks)).size < ranks.size
    if told.size > EXACT_PAIRS or not is_tied:
        return float(stats.wilcoxon(ranks).pvalue)
    test = stats.permutation_test(
        (ranks,), np.sum, permutation_type="samples", n_resamples=2**ranks.size, vectorized=True
    )
    return float(test.pvalue)


def smallest_p(pairs: int) -> float:
    """The smallest p that the test can give for so many pairs, even if all of them agree."""
    return float(min(1.0, 2.0 ** (1 - pairs)))


def fewest_pairs(comparisons: int) -> int:
    """How many pairs there must be for any of so many comparisons to be claimed."""
    return int(np.ceil(1 + np.log2(max(comparisons, 1) / (1 - CONFIDENCE))))


def holm(probabilities: Sequence[float]) -> list[float]:
    """Each p corrected for their number (Holm 1979); NaN, of what wasn't tested, stays so."""
    tested = np.asarray(probabilities, float)
    known = ~np.isnan(tested)
    if known.any():
        tested[known] = multipletests(tested[known], method="holm")[1]
    return [float(p) for p in tested]


def improvement(differences: Array) -> float:
    """The share of pairs in which there is one; equal pairs count half. NaN for no pairs."""
    if not len(differences):
        return np.nan
    return float(np.mean((differences > 0) + 0.5 * (differences == 0)))


def pairs_needed(differences: Array, size: float, comparisons: int) -> int | None:
    """How many pairs tell a difference of this size, if others vary as these do.

    With a power of 80%, among so many comparisons; at most MOST_PAIRS. None if nothing is known of
    how they vary.
    """
    if len(differences) < 2 or not np.isfinite(differences).all() or not size > 0:
        return None
    largest = np.abs(differences).max()
    # Rounding can give equal differences a deviation.
    if largest == 0 or np.ptp(differences / largest) <= 10.0**-SAME_DIGITS:
        return None
    effect = size / largest / float(np.std(differences / largest, ddof=1))
    alpha = (1 - CONFIDENCE) / max(comparisons, 1)
    z = stats.norm.isf(alpha / 2) + stats.norm.ppf(POWER)
    # The solver finds nothing for tiny effects, where the distributions are normal anyway.
    if not effect > z / np.sqrt(EFFICIENCY * MOST_PAIRS):
        return MOST_PAIRS
    # Beyond five standard deviations it finds nothing either, and the fewest pairs are enough.
    pairs = np.max(TTestPower().solve_power(min(effect, 5.0), alpha=alpha, power=POWER))
    normal = (z / effect) ** 2
    needed = np.ceil((pairs if np.isfinite(pairs) else normal) / EFFICIENCY)
    return int(np.clip(needed, FEWEST_PAIRS, MOST_PAIRS))
