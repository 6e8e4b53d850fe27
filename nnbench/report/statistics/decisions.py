"""Verdicts on differences that are tested together."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnbench.report.statistics.effects import LEVEL, Effect
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
    """Holm's, over all that is tested together."""
    comparisons: int
    """The number of comparisons tested together."""
    level: float
    """Level of the interval that decides, and that is shown."""
    low: float
    high: float
    is_unsettled: bool = False
    """True if only an unknown best setting, or too short training, prevents a claim."""


def equivalence_level(comparisons: int) -> float:
    """Level of the interval that decides, and is shown: 1 − 2α/m, 90% for one comparison.

    For equivalence these are two one-sided tests at α/m (Schuirmann 1987). For a difference the
    test alone claims too much where settings are close, and the interval holds it back: at 90%
    for each of four comparisons 12% of experiments had a false claim (`tests.calibration pairs`).
    """
    return 1 - 2 * ALPHA / max(comparisons, 1)


def decide(
    effects: Sequence[Effect],
    margins: Sequence[float],
    settled: Sequence[tuple[bool, bool]] | None = None,
) -> list[Decision]:
    """Decide on all effects of a data set together, its trend among them.

    An effect whose size is within its margin doesn't matter; a margin of 0 means that any does.
    `settled` says of each whether its value and its reference have a best setting that is known
    (neither at an edge of its range, nor still improving); by default all have.
    """
    corrected = holm([effect.p for effect in effects])
    comparisons = sum(effect.tested for effect in effects)
    settled = settled or [(True, True)] * len(effects)
    return [
        decision(effect, p, comparisons, margin, *best_known)
        for effect, p, margin, best_known in zip(effects, corrected, margins, settled, strict=True)
    ]


def decision(
    effect: Effect, p: float, comparisons: int, margin: float, value: bool, reference: bool
) -> Decision:
    """Decide on one, of which p is corrected already."""
    level = equivalence_level(comparisons)
    low, high = effect.interval(level)
    if not effect.tested:
        return Decision(Outcome.NOT_COMPARABLE, p, comparisons, LEVEL, np.nan, np.nan)
    if margin > 0 and -margin <= low and high <= margin:
        outcome, is_settled = Outcome.EQUIVALENT, value and reference
    elif p <= ALPHA and effect.excludes(level):
        is_better = effect.direction > 0
        outcome = Outcome.BETTER if is_better else Outcome.WORSE
        # The lesser one may only have been tuned worse.
        is_settled = reference if is_better else value
    else:
        outcome, is_settled = Outcome.INCONCLUSIVE, True
    return Decision(
        outcome if is_settled else Outcome.NOT_COMPARABLE, p, comparisons, level, low, high,
        is_unsettled=not is_settled,
    )  # fmt: skip
