"""The set of values not worse than the best (multiple comparisons with the best, Hsu 1984)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.choosing import TunedScores
from nnbench.report.statistics.distributions import normal_tail, student_quantile
from nnbench.report.statistics.effects import difference
from nnbench.report.statistics.estimates import CONFIDENCE, FEWEST_PAIRS
from nnbench.report.statistics.summaries import median_time


@dataclass(frozen=True)
class BestSet:
    """Values that may be the best."""

    members: tuple[int, ...]
    """Their positions; all truly best ones are among them in 95% of experiments."""
    best: int
    """The position of the highest mean score, of equal ones the first."""
    shares: tuple[float, ...]
    """Share of resamples in which each value, member or not, is the best; ties are split."""


def best_set(
    values: Sequence[TunedScores],
    worse: Collection[int] = (),
    unsettled: Collection[int] = (),
) -> BestSet:
    """The set, of values over the same seeds; everything is in it for too few of them.

    `worse` are positions that a test has found to be worse than another, which aren't in it;
    `unsettled` those whose best setting isn't known, which always are.
    """
    means = np.array([merit(value) for value in values])
    # Of values whose median is infinite, the one that reaches the target most often.
    finite = np.array([np.isfinite(value.per_seed).mean() for value in values])
    is_highest = means >= means.max() - 1e-12 * abs(means.max())
    best = int(np.argmax(np.where(is_highest, finite, -1.0)))
    members = {i for i in range(len(values)) if i not in worse or i in unsettled}
    if len(values[0].per_seed) >= FEWEST_PAIRS:
        members -= set(excluded(values)) - set(unsettled)
    members.add(best)
    return BestSet(tuple(sorted(members)), best, winning_shares(values))


def merit(value: TunedScores) -> float:
    """Mean score; the median where some are infinite, as times to a target are."""
    if np.isfinite(value.per_seed).all():
        return value.mean
    return -median_time(-value.per_seed)


def winning_shares(values: Sequence[TunedScores]) -> tuple[float, ...]:
    """Share of resamples in which each is the best; NaN where any has no means."""
    if any(np.isnan(value.rechosen).any() for value in values):
        return (np.nan,) * len(values)
    highest = np.maximum.reduce([value.rechosen for value in values])
    wins = np.array([value.rechosen >= highest - 1e-12 * np.abs(highest) for value in values])
    totals = wins.sum(axis=0)
    return tuple(float(share) for share in (wins / np.maximum(totals, 1)).mean(axis=1))


def excluded(values: Sequence[TunedScores]) -> list[int]:
    """Positions that are worse than another, step by step, in 5% of experiments wrongly.

    In each step the bound is the quantile of the largest of all standardised differences between
    values that are still in, so that it holds for all truly best ones at once, however many; what
    is beyond it goes, until nothing does (Romano & Wolf 2005).
    """
    seeds = len(values[0].per_seed)
    remaining, removed = list(range(len(values))), []
    while len(remaining) > 1:
        ahead, largest = standardised(values, remaining)
        # Resamples of few seeds vary too little: Student's quantile of the same probability.
        chance = normal_tail(np.quantile(largest, CONFIDENCE))
        bound = -student_quantile(chance, seeds - 1) * np.sqrt(seeds / (seeds - 1))
        out = [i for i, most in ahead.items() if most > bound]
        if not out:
            break
        removed += out
        remaining = [i for i in remaining if i not in out]
    return removed


def standardised(
    values: Sequence[TunedScores], remaining: Sequence[int]
) -> tuple[dict[int, float], Array]:
    """Standard errors by which the best other is ahead of each; and the largest deviations.

    The latter, (draws,), are those of any pair from its mean over resamples.
    """
    largest = np.zeros_like(values[0].rechosen)
    ahead = dict.fromkeys(remaining, -np.inf)
    for position, i in enumerate(remaining):
        for j in remaining[:position]:
            lead = difference(values[j], values[i]).resampled
            mean, error = float(lead.mean()), float(lead.std())
            if not np.isfinite(mean):
                continue
            if error > 1e-9 * np.abs(lead).max():
                np.maximum(largest, np.abs(lead - mean) / error, out=largest)
                score = mean / error
            else:
                score = np.inf * np.sign(mean) if mean else 0.0
            ahead[i], ahead[j] = max(ahead[i], score), max(ahead[j], -score)
    return ahead, largest
