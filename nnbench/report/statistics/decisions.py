"""Verdicts on differences that are tested together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from nnbench.report.statistics.effects import LEVEL, ROUNDING, Effect
from nnbench.report.statistics.signed_ranks import holm

ALPHA = 0.05


class Outcome(StrEnum):
    """Verdict on a contrast."""

    BETTER = "better"
    WORSE = "worse"
    EQUIVALENT = "equivalent"
    """Any difference is too small to matter."""
    INCONCLUSIVE = "inconclusive"
    NOT_COMPARABLE = "not comparable"
    """Fewer pairs than any test needs, or the best settings aren't known."""

    @property
    def claims_difference(self) -> bool:
        """True if it says that one side is better than the other."""
        return self in (Outcome.BETTER, Outcome.WORSE)


@dataclass(frozen=True)
class Decision:
    """A verdict with its evidence."""

    outcome: Outcome
    p: float
    """Corrected: Holm's over all that is tested together, the largest up to it in a sequence."""
    comparisons: int
    """The number of comparisons that share the errors allowed to it."""
    fewest_comparisons: int
    """The same, of the least strict test that it could have passed."""
    level: float
    """Level of the interval that decides, and that is shown."""
    low: float
    high: float
    is_unsettled: bool = False
    """True if only an unknown best setting, or too short training, prevents a claim."""


def equivalence_level(comparisons: int) -> float:
    """Level of the interval that decides on equivalence: 1 − 2α/m, 90% for one comparison.

    Within the margin, these are two one-sided tests at α/m (Schuirmann 1987).
    """
    return 1 - 2 * ALPHA / max(comparisons, 1)


def difference_level(comparisons: int) -> float:
    """Level of the interval that decides on a difference: 1 − 2α/√m, up to whole half per cents.

    The test is corrected for m comparisons, but knows nothing of the choice of settings, for which
    the interval holds it back. By this level 3% of experiments have a false claim among 4 or 14
    equal values (in the worst design 6 and 8%), by 90% for each 5 and 7% (11 and 14%); by 1 − 2α/m
    2 and 1%, but a true difference beside four is found in 33% instead of 43%
    (`tests.calibration pairs`).
    """
    level = 1 - 2 * ALPHA / max(comparisons, 1) ** 0.5
    return float(np.ceil(200 * level - ROUNDING) / 200)


@dataclass(frozen=True)
class Ordered:
    """A trend, and the differences along it, which are tested after it."""

    trend: Effect
    sequence: tuple[int, ...]
    """Places among the effects, farthest from the reference first."""


def decide(
    effects: Sequence[Effect],
    margins: Sequence[float],
    settled: Sequence[tuple[bool, bool]] | None = None,
    trends: Sequence[Ordered] = (),
) -> list[Decision]:
    """Decide on all effects of a data set together, and then on its trends.

    An effect whose size is within its margin doesn't matter; a margin of 0 means that any does.
    `settled` says of each whether its value and its reference have a best setting that is known
    (neither at an edge of its range, nor still improving); by default all have.

    Trends are tested first, with errors of their own. If one is claimed, the differences along it
    are tested in their sequence at the same level, until one is not claimed (Maurer, Hothorn and
    Lehmacher 1995); each other is one of all, trends included, that share errors of their own. Of
    five equal depths 3.7% of experiments have a false claim, in the worst design 7.4%; where one
    is worse 4.4 and 8.8%. A fall of half a point a doubling is found in 92%, in 80% if the trend
    shares its errors (`tests.calibration ordered`, 20 seeds).
    """
    corrected = holm([own.p for own in (*effects, *(ordered.trend for ordered in trends))])
    comparisons = sum(effect.tested for effect in effects) + len(trends)
    settled = settled or [(True, True)] * len(effects)
    decisions = [
        decision(effect, p, comparisons, margin, *best_known)
        for effect, p, margin, best_known in zip(
            effects, corrected[: len(effects)], margins, settled, strict=True
        )
    ]
    slopes = [
        decision(ordered.trend, p, len(trends), 0.0, True, True)
        for ordered, p in zip(trends, holm([own.trend.p for own in trends]), strict=True)
    ]
    for ordered, slope in zip(trends, slopes, strict=True):
        p = min(1.0, ordered.trend.p * len(trends))
        is_open = slope.outcome.claims_difference
        for place in ordered.sequence:
            effect = effects[place]
            p = max(p, min(1.0, effect.p * len(trends)))
            after = decision(effect, p, len(trends), margins[place], *settled[place])
            is_open = is_open and p <= ALPHA and effect.excludes(after.level)
            if is_open and Outcome.EQUIVALENT not in (decisions[place].outcome, after.outcome):
                decisions[place] = after
            decisions[place] = replace(decisions[place], fewest_comparisons=len(trends))
    return [*decisions, *slopes]


def decision(
    effect: Effect, p: float, comparisons: int, margin: float, value: bool, reference: bool
) -> Decision:
    """Decide on one, of which p is corrected already."""
    level = difference_level(comparisons)
    low, high = effect.interval(level)
    if not effect.tested:
        return Decision(Outcome.NOT_COMPARABLE, p, comparisons, comparisons, LEVEL, np.nan, np.nan)
    is_slight = margin > 0 and -margin <= low and high <= margin
    if is_slight:
        # The wider interval decides whether the difference is too small to matter.
        level = equivalence_level(comparisons)
        low, high = effect.interval(level)
    if is_slight and -margin <= low and high <= margin:
        outcome, is_settled = Outcome.EQUIVALENT, value and reference
    elif p <= ALPHA and effect.excludes(level):
        is_better = effect.direction > 0
        outcome = Outcome.BETTER if is_better else Outcome.WORSE
        # The lesser one may only have been tuned worse.
        is_settled = reference if is_better else value
    else:
        outcome, is_settled = Outcome.INCONCLUSIVE, True
    return Decision(
        outcome if is_settled else Outcome.NOT_COMPARABLE, p, comparisons, comparisons, level,
        low, high, is_unsettled=not is_settled,
    )  # fmt: skip
