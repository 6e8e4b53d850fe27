"""Numbers of pairs by formula."""

import numpy as np
from scipy import stats
from statsmodels.stats.power import TTestPower

from nnbench.engine.arrays import Array
from nnbench.report.statistics.estimates import CONFIDENCE, FEWEST_PAIRS
from nnbench.report.statistics.signed_ranks import SAME_DIGITS

EFFICIENCY = 3 / np.pi
"""Of Wilcoxon's signed-rank test beside the t-test, on normal differences (Hodges & Lehmann
1956)."""

MOST_PAIRS = 1_000_000
"""More than can be run, however many more it would be."""

POWER = 0.8
"""The chance with which a test shall find what there is, when seeds are counted for it."""


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
    with np.errstate(over="ignore"):
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
