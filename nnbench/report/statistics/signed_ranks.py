"""Wilcoxon's signed-rank test, exact for any numbers, and its correction for several tests."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.distributions import mean_ranks
from nnbench.report.statistics.estimates import CONFIDENCE

SAME_DIGITS = 9
"""Differences that agree in so many digits, as shares of the largest, are ties."""


def signed_rank(differences: Array) -> float:
    """Exact two-sided p of Wilcoxon's signed-rank test (1945), for `differences` (pairs,).

    Ties have their mean rank. Zeros are ranked with the rest and left out after that (Pratt 1959),
    as NaN is. Of infinite differences only the rank counts.
    """
    differences = np.nan_to_num(differences, nan=0.0, posinf=np.inf, neginf=-np.inf)
    sizes = np.abs(differences)
    largest = np.max(sizes, initial=0.0, where=np.isfinite(sizes))
    # Accuracies are counts: 0.95 − 0.9 and 0.85 − 0.8 are the same, but for how they are rounded.
    rounded = np.round(differences / largest, SAME_DIGITS) if largest else differences
    # Mean ranks are halves at most.
    twice = np.rint(2 * mean_ranks(np.abs(rounded))).astype(int)
    ranks = twice[rounded != 0]
    if not ranks.size:
        return 1.0
    positive = int(twice[rounded > 0].sum())
    unit = int(np.gcd.reduce(ranks))
    lesser = min(positive, int(ranks.sum()) - positive) // unit
    return min(1.0, 2 * float(lower_tail(np.sort(ranks // unit), lesser)[-1]))


def lower_tail(ranks: Array, most: int) -> Array:
    """P(sum ≤ s) for s = 0 … `most`, where each of `ranks` (count,), integers, counts or doesn't.

    Each with probability ½: a dynamic programme, one rank after the other.
    """
    chance = np.zeros(most + 1)
    chance[0] = 1.0
    for rank in ranks:
        with_rank = np.zeros_like(chance)
        with_rank[rank:] = chance[: max(most + 1 - rank, 0)]
        chance = (chance + with_rank) / 2
    return np.cumsum(chance)


@lru_cache(64)
def critical_sum(pairs: int, alpha: float) -> int:
    """Largest sum of ranks of the rarer sign that is significant at two-sided `alpha`; −1 if none.

    Without ties and zeros.
    """
    tail = lower_tail(np.arange(1, pairs + 1), pairs * (pairs + 1) // 4)
    return int(np.searchsorted(2 * tail, alpha, side="right")) - 1


def smallest_p(pairs: int) -> float:
    """Smallest p that the test can give for so many pairs: none is zero, and all agree."""
    return float(min(1.0, 2.0 ** (1 - pairs)))


def fewest_pairs(comparisons: int) -> int:
    """Number of pairs from which on any of so many comparisons can be significant."""
    return int(np.ceil(1 + np.log2(max(comparisons, 1) / (1 - CONFIDENCE))))


def holm(probabilities: Sequence[float]) -> list[float]:
    """Each p corrected for their number (Holm 1979); NaN, of what wasn't tested, stays so."""
    tested = np.asarray(probabilities, float)
    is_tested = ~np.isnan(tested)
    order = np.flatnonzero(is_tested)[np.argsort(tested[is_tested])]
    # In order of size, times how many are left, and never below the one before. Statsmodels has
    # it, but collects garbage first, which takes up to half a second.
    raised = tested[order] * np.arange(len(order), 0, -1)
    tested[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return [float(p) for p in tested]
