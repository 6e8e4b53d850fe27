"""Numbers of seeds and sizes of differences, by simulation with the rule of the verdict."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.decisions import ALPHA, difference_level
from nnbench.report.statistics.distributions import student_quantile
from nnbench.report.statistics.effects import Effect
from nnbench.report.statistics.estimates import FEWEST_PAIRS
from nnbench.report.statistics.signed_ranks import SAME_DIGITS, critical_sum, fewest_pairs

EXPERIMENTS = 1_000

POWER = 0.8
"""The chance with which a test shall find what there is, when seeds are counted for it."""

MOST_PAIRS = 1_000_000
"""More than can be run, however many more it would be."""

SIMULATED = 200
"""Seeds up to which is simulated; beyond, numbers grow with the square of spread over size."""


FARTHEST = 10.0
"""Standard deviations; what is so far apart is found by any test."""


def share_found(pairs: Array, comparisons: int, widening: float | Array = 1.0) -> float:
    """Share of `pairs` (experiments, seeds), true differences above zero, that are claimed better.

    By the rule of the verdict: signed-rank test at α/m, as Holm's correction is for the smallest
    p, and the interval of level 1 − 2α/√m, wider by `widening` than that of a mean, for the choice
    of settings.
    """
    seeds = pairs.shape[1]
    order = np.argsort(np.abs(pairs), axis=1)
    negative = np.take_along_axis(pairs < 0, order, axis=1) @ np.arange(1, seeds + 1)
    error = pairs.std(axis=1, ddof=1) / np.sqrt(seeds)
    level = difference_level(comparisons)
    half = widening * student_quantile((1 + level) / 2, seeds - 1) * error
    significant = negative <= critical_sum(seeds, ALPHA / max(comparisons, 1))
    return float(np.mean(significant & (pairs.mean(axis=1) > half)))


def seeds_needed(effect: Effect, size: float, comparisons: int) -> int | None:
    """Number of seeds that finds a true effect of this size with 80%, among so many comparisons.

    Seeds are drawn from those at hand. Their spread is itself an estimate, so each simulated
    experiment has one of its own, as the seeds at hand leave it open (χ²); the choice of settings
    widens the interval as it does now. None if nothing is known of the spread; at most MOST_PAIRS.
    """
    n, pairs = effect.count, effect.per_seed
    if n < 2 or not (size > 0 and np.isfinite(size) and np.isfinite(pairs).all()):
        return None
    largest = float(np.abs(pairs).max())
    # Rounding can give equal differences a spread.
    if largest == 0 or np.ptp(pairs / largest) <= 10.0**-SAME_DIGITS:
        return None
    spread = float(np.std(pairs / largest, ddof=1))
    residuals = (pairs / largest - np.mean(pairs / largest)) / spread
    widening = widening_of(effect)

    rng = np.random.default_rng(n)
    scale = np.sqrt((n - 1) / rng.chisquare(n - 1, (EXPERIMENTS, 1)))
    drawn = scale * rng.choice(residuals * np.sqrt(n / (n - 1)), (EXPERIMENTS, SIMULATED))

    def power(seeds: int, distance: float) -> float:
        return share_found(distance + drawn[:, :seeds], comparisons, widening)

    with np.errstate(over="ignore"):
        distance = min(size / largest / spread, FARTHEST)
    fewest = max(FEWEST_PAIRS, fewest_pairs(comparisons))
    if power(SIMULATED, distance) >= POWER:
        return first(lambda seeds: power(seeds, distance) >= POWER, fewest, SIMULATED)
    detectable = smallest(lambda distance: power(SIMULATED, distance))
    return int(
        min(np.ceil(min(SIMULATED * (detectable / max(distance, 1e-9)) ** 2, 1e9)), MOST_PAIRS)
    )


def widening_of(effect: Effect) -> float:
    """Ratio of the interval with the choice of settings to one without, at least 1."""
    alone = float(np.std(effect.per_seed)) / np.sqrt(effect.count)
    with_choice = float(np.std(effect.resampled))
    return max(1.0, with_choice / alone) if np.isfinite(with_choice) and alone > 0 else 1.0


@lru_cache(256)
def smallest_standardised(seeds: int, comparisons: int) -> float:
    """Smallest true difference, in standard deviations of a pair, that is found with 80%.

    Of normal pairs. Infinite where so few seeds can show nothing.
    """
    if seeds < max(FEWEST_PAIRS, fewest_pairs(comparisons)):
        return np.inf
    simulated = min(seeds, SIMULATED)
    noise = np.random.default_rng(seeds).normal(size=(EXPERIMENTS, simulated))
    detectable = smallest(lambda distance: share_found(distance + noise, comparisons))
    return float(detectable * np.sqrt(simulated / seeds))


def smallest_difference(spread: float, seeds: int, comparisons: int) -> float:
    """Smallest true difference that so many seeds find with 80%.

    `spread` is the standard deviation of paired differences over seeds.
    """
    return spread * smallest_standardised(seeds, comparisons)


def first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Smallest whole number from `low` to `high` for which `holds`, as it does for `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def smallest(power: Callable[[float], float]) -> float:
    """Smallest distance, in standard deviations, that is found with 80%."""
    low, high = 1e-3, FARTHEST
    for _ in range(16):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if power(middle) >= POWER else (middle, high)
    return high
