"""Intervals for new rows from the same source, beside those for these rows split anew."""

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.distributions import student_quantile
from nnbench.report.statistics.estimates import CONFIDENCE, FEWEST_PAIRS


def new_rows_interval(
    per_seed: Array, test_rows: int, train_rows: int, level: float = CONFIDENCE
) -> tuple[float, float]:
    """Corrected resampled t-interval of the mean of `per_seed` (seeds,) (Nadeau & Bengio 2003).

    Seeds that split the same rows share most of them: however many there are, the variance of
    their mean is at least the share test_rows / train_rows of that of one. NaN for too few seeds,
    infinite differences, or no spread.
    """
    seeds = len(per_seed)
    if seeds < FEWEST_PAIRS or not np.isfinite(per_seed).all() or not np.ptp(per_seed) > 0:
        return np.nan, np.nan
    error = np.std(per_seed, ddof=1) * np.sqrt(1 / seeds + test_rows / train_rows)
    half = student_quantile((1 + level) / 2, seeds - 1) * error
    middle = float(np.mean(per_seed))
    return float(middle - half), float(middle + half)
