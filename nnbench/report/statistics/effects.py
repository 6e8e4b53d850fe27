"""Differences between values, and slopes over them: per seed and in each resample."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.choosing import TunedScores
from nnbench.report.statistics.distributions import mean_ranks
from nnbench.report.statistics.estimates import FEWEST_PAIRS
from nnbench.report.statistics.resampling import interval
from nnbench.report.statistics.signed_ranks import signed_rank

LEVEL = 0.9
"""Level of the interval that decides one difference, beside the test; of several: `decisions`."""

ROUNDING = 1e-12
"""Sums that are so small a share of what they are made of are zero."""


@dataclass(frozen=True, eq=False)
class Effect:
    """A difference, or any weighted sum, of values' scores; above zero is better."""

    per_seed: Array
    """(seeds,)"""
    resampled: Array
    """(draws,): with the settings chosen again in each resample; NaN where there are no means."""

    @property
    def count(self) -> int:
        """Number of pairs."""
        return len(self.per_seed)

    @property
    def tested(self) -> bool:
        """True if there are enough pairs for a test."""
        return self.count >= FEWEST_PAIRS

    @cached_property
    def is_finite(self) -> bool:
        """False if the target of a time was missed in any pair, so that there is no interval."""
        return bool(np.isfinite(self.per_seed).all())

    @cached_property
    def has_means(self) -> bool:
        """False if resamples have no means, because one would choose an infinite time."""
        return self.is_finite and bool(np.isfinite(self.resampled).all())

    @cached_property
    def mean(self) -> float:
        """Mean over seeds; of infinite ones the median, NaN if that is neither."""
        if self.is_finite:
            return float(self.per_seed.mean())
        with np.errstate(invalid="ignore"):
            return float(np.median(self.per_seed))

    @cached_property
    def direction(self) -> float:
        """Sign of the mean; of infinite differences that of the signed-rank sum.

        Their median is zero if most pairs miss a target on both sides.
        """
        if self.is_finite:
            return float(np.sign(self.mean))
        return float(np.sign(np.sign(self.per_seed) @ mean_ranks(np.abs(self.per_seed))))

    @cached_property
    def p(self) -> float:
        """Exact two-sided p of the signed-rank test; NaN for too few pairs."""
        return signed_rank(self.per_seed) if self.tested else np.nan

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Interval that includes the choice of settings; NaN for too few pairs or no spread."""
        return interval(self.resampled, level, self.count) if self.tested else (np.nan, np.nan)

    @cached_property
    def excludes_zero(self) -> bool:
        """True if the 90% interval excludes zero; also for a constant, or a median."""
        return self.excludes(LEVEL)

    def excludes(self, level: float) -> bool:
        """True if the interval of this level excludes zero, on the side of the mean."""
        low, high = self.interval(level)
        if np.isnan(low):
            # Few infinite differences can outrank many small ones of the other sign.
            return bool(self.direction != 0 and self.mean * self.direction >= 0)
        # A weighted mean on the other side would make the sentence contradict its interval.
        return bool(self.mean > 0) if low > 0 else bool(high < 0 and self.mean < 0)


def difference(value: TunedScores, reference: TunedScores) -> Effect:
    """The effect of `value` minus `reference`, over the same seeds in the same order."""
    return combination((value, reference), np.array([1.0, -1.0]))


def combination(values: Sequence[TunedScores], coefficients: Array) -> Effect:
    """Sum of values' scores times `coefficients` (values,)."""
    return Effect(
        weighted_sum([value.per_seed for value in values], coefficients),
        weighted_sum([value.rechosen for value in values], coefficients),
    )


def weighted_sum(arrays: Sequence[Array], coefficients: Array) -> Array:
    """Sum of arrays times coefficients; 0 where only rounding, or two infinite ones, differ."""
    total, size = np.zeros_like(arrays[0]), np.zeros_like(arrays[0])
    with np.errstate(invalid="ignore"):
        for array, coefficient in zip(arrays, coefficients, strict=True):
            total = total + coefficient * array
            size = size + np.abs(coefficient * array)
    # Averages over settings make 0.9999999 of what is 1 in every run.
    is_rounding = np.isfinite(size) & (np.abs(total) <= ROUNDING * size)
    both_infinite = np.isinf(size) & np.isnan(total)
    return np.where(is_rounding | both_infinite, 0.0, total)
