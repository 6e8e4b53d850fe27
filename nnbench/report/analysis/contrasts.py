"""What can be said of each compared value beside its reference, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import (
    ALPHA,
    FEWEST_PAIRS,
    Estimate,
    Outcome,
    estimate,
    holm,
    improvement,
    pairs_needed,
    signed_rank,
    smallest_p,
)

__all__ = ["ALPHA", "Contrast", "Outcome", "contrast", "contrasts", "corrected", "differences"]


@dataclass(frozen=True, eq=False)
class Contrast:
    """One value beside the reference of its data set, seed by seed."""

    reference: Group
    group: Group
    difference: Estimate
    """Mean of value − reference, in the metric's own direction; NaN where runs were lost."""
    median: float
    """Of the differences, diverged and failed runs as the worst: infinite if those are the most."""
    p: float
    """Wilcoxon's; NaN for too few pairs."""
    improvement: float
    """The probability that the value is better, for a seed."""
    negligible: float
    """The largest difference that does not matter."""
    p_holm: float = np.nan
    """`p`, corrected for all contrasts that are tested together."""
    comparisons: int = 1
    """How many those are."""

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return self.difference.count

    @property
    def tested(self) -> bool:
        """Whether there were enough pairs for a test."""
        return not np.isnan(self.p)

    @property
    def lost(self) -> int:
        """Runs of either that diverged or failed."""
        return self.group.lost + self.reference.lost

    @property
    def lost_alone(self) -> int:
        """Those of them whose seed the other hasn't got: no pair counts them as the worst."""
        mine, other = self.group.figures("test"), self.reference.figures("test")
        alone = mine.index.symmetric_difference(other.index)
        return int(sum(each[each.index.isin(alone)].isna().sum() for each in (mine, other)))

    @cached_property
    def outcome(self) -> Outcome:
        """What is claimed.

        A difference where the corrected test shows one, the interval leaves out zero, and no run
        was lost that the test doesn't count.
        """
        if self.count < FEWEST_PAIRS:
            return Outcome.NOT_COMPARABLE
        low, high = self.difference.bounds
        middle = self.median if self.lost else self.difference.mean
        is_shown = self.p_holm <= ALPHA and not low <= 0 <= high and middle != 0
        if is_shown and not self.lost_alone:
            better = middle * self.group.metric.sign > 0
            return Outcome.BETTER if better else Outcome.WORSE
        return Outcome.EQUIVALENT if self.is_slight else Outcome.INCONCLUSIVE

    @property
    def is_slight(self) -> bool:
        """Whether the whole interval is too small to matter, be it a difference or none.

        Without an interval, as of differences that are all the same or of lost runs, nobody knows.
        """
        low, high = self.difference.low, self.difference.high
        return -self.negligible <= low and high <= self.negligible

    @property
    def is_constant(self) -> bool:
        """Whether all differences are the same, so that they have no interval."""
        return not self.lost and self.count >= FEWEST_PAIRS and np.isnan(self.difference.low)

    @property
    def rests_on_test(self) -> bool:
        """Whether a difference isn't claimed though its interval leaves out zero."""
        low, high = self.difference.bounds
        return self.outcome is Outcome.INCONCLUSIVE and (low > 0 or high < 0)

    @property
    def lowest_p(self) -> float:
        """The smallest corrected p that so many pairs could have."""
        return min(1.0, smallest_p(self.count) * self.comparisons)

    @cached_property
    def more_seeds(self) -> int | None:
        """Further seeds to tell a difference of `negligible`; None unless undecided or unknown.

        Nor is a number of seeds for so small a difference what is missing of one that is seen.
        """
        if self.outcome is not Outcome.INCONCLUSIVE or self.lost or self.rests_on_test:
            return None
        paired = differences(self.group, self.reference)
        needed = pairs_needed(paired, self.negligible, self.comparisons)
        return None if needed is None else max(needed - self.count, 1)


def contrasts(comparison: Comparison, equivalence: float) -> tuple[Contrast, ...]:
    """A contrast for every group beside the reference of its data set, all tested together.

    None where all runs on a data set were lost, which would only make the correction harsher.
    """
    return corrected([contrast(*pair, equivalence) for pair in comparison.contrasted()])


def corrected(found: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """Contrasts that are tested together, with that taken into account (Holm)."""
    tested = sum(each.tested for each in found)
    p_holm = holm([each.p for each in found])
    return tuple(
        replace(each, p_holm=p, comparisons=tested) for each, p in zip(found, p_holm, strict=True)
    )


def contrast(reference: Group, group: Group, equivalence: float) -> Contrast:
    """The contrast of two groups of a data set, for itself."""
    paired = differences(group, reference)
    signed = group.metric.sign * paired
    p = signed_rank(signed) if len(paired) >= FEWEST_PAIRS else np.nan
    middle = reference.figures("test").mean()
    return Contrast(
        reference,
        group,
        estimate(paired),
        median_of(paired),
        p,
        improvement(signed),
        group.metric.negligible(equivalence, middle),
    )


def median_of(paired: Array) -> float:
    """Their median; NaN of none, and where half are infinitely bad and half infinitely good."""
    if not len(paired):
        return np.nan
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.median(paired))


def differences(group: Group, reference: Group) -> Array:
    """Value − reference of the test figures, for the seeds that both have.

    A lost run is infinitely bad; where both were lost there is no difference.
    """
    worst = -group.metric.sign * np.inf
    mine, other = (each.figures("test").fillna(worst) for each in (group, reference))
    common = mine.index.intersection(other.index)
    left, right = mine[common].to_numpy(float), other[common].to_numpy(float)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(left == right, 0.0, left - right)
