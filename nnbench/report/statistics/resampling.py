"""Seeds drawn again, and intervals of what each draw gives."""

from functools import lru_cache

import numpy as np
from threadpoolctl import ThreadpoolController

from nnbench.engine.arrays import Array
from nnbench.report.statistics.distributions import normal_quantile, normal_tail, student_quantile

DRAWS = 20_000
"""Resamples of the seeds, the same for all groups, so that groups stay paired by seed."""

BEYOND = 100
"""Draws that lie beyond each quantile that is read off; quantiles further out are extrapolated."""

CHUNK = 2_000
"""Resamples at a time."""

NARROW = 1e-9
"""Draws within so small a share of their size are all the same."""


@lru_cache(4)
def resamples(seeds: int, draws: int = DRAWS) -> Array:
    """Counts of each seed, (draws, seeds) of integers; each row sums to `seeds`."""
    rng = np.random.default_rng(seeds)
    counts = rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=draws)
    counts = counts.astype(np.float32)  # exact, and what matrix products are fast with
    counts.setflags(write=False)
    return counts


@lru_cache(1_024)
def tail_of(level: float, seeds: int) -> float:
    """Share of resampled means beyond each end of an interval of this level.

    Percentiles are taken as far out as Student's interval is wider than the normal one (Hesterberg
    2015), since resamples of few seeds vary too little.
    """
    wide = student_quantile((1 + level) / 2, seeds - 1) * np.sqrt(seeds / (seeds - 1))
    return normal_tail(wide)


def interval(resampled: Array, level: float, seeds: int) -> tuple[float, float]:
    """Interval of the given level from `resampled` (draws,), of so many seeds.

    Where fewer than BEYOND draws lie outside a quantile, the last one that has so many is moved
    out as a normal quantile would be, which for few seeds is on the safe side. NaN for draws that
    aren't finite, or are all the same, which say nothing of how much others would vary.
    """
    missing = (np.nan, np.nan)
    if seeds < 2 or not np.isfinite(resampled).all():
        return missing
    if np.ptp(resampled) <= NARROW * max(float(np.abs(resampled).max()), 1e-300):
        return missing
    tail = tail_of(level, seeds)
    inner = max(tail, BEYOND / len(resampled))
    low, high = np.quantile(resampled, [inner, 1 - inner])
    if tail < inner:
        middle = float(np.median(resampled))
        further = normal_quantile(tail) / normal_quantile(inner)
        low, high = middle - (middle - low) * further, middle + (high - middle) * further
    return float(low), float(high)


@lru_cache(1)
def libraries() -> ThreadpoolController:
    """Libraries of matrix products, whose threads can be limited; to look for them takes long."""
    return ThreadpoolController()


def weighted_means(counts: Array, values: Array) -> Array:
    """Mean over seeds of `values` (settings, seeds) for `counts` (draws, seeds): (draws, settings).

    In double precision, a chunk of draws at a time.
    """
    means = np.empty((len(counts), len(values)))
    with libraries().limit(limits=1):
        for start in range(0, len(counts), CHUNK):
            rows = slice(start, start + CHUNK)
            means[rows] = counts[rows].astype(float) @ values.T
    return np.asarray(means / counts[0].sum())
