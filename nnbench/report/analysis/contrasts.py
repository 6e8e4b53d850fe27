"""Verdicts on each compared value beside its reference, and how sure they are."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from nnbench.report.analysis.lines import Line
from nnbench.report.analysis.slopes import Slope
from nnbench.report.analysis.unsettled import Unsettled
from nnbench.report.compare.candidates import common_seeds
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import (
    ALPHA,
    FEWEST_PAIRS,
    Decision,
    Effect,
    Estimate,
    Ordered,
    Outcome,
    decide,
    difference,
    improvement,
    seeds_needed,
    smallest_p,
)

__all__ = ["ALPHA", "Contrast", "Outcome", "contrast", "contrasts", "corrected"]


@dataclass(frozen=True, eq=False)
class Contrast:
    """One value beside the reference of its data set, seed by seed."""

    reference: Group
    group: Group
    effect: Effect
    """Value − reference, higher is better, each averaged over settings by their weights."""
    negligible: float
    """The largest difference that does not matter."""
    decision: Decision
    """Together with the other contrasts of its data set."""
    unsettled: tuple[Unsettled | None, Unsettled | None] = (None, None)
    """Reasons why the best setting of the value, and of the reference, isn't known."""

    @cached_property
    def difference(self) -> Estimate:
        """Mean of value − reference in the measure's direction, and the interval that decides."""
        measure = self.group.measure
        low, high = measure.in_own_direction(self.decision.low, self.decision.high)
        mean = measure.sign * self.effect.mean if self.count else np.nan
        return Estimate(mean, low, high, self.count)

    @property
    def median(self) -> float:
        """Median of the differences, in the measure's own direction."""
        per_seed = self.group.measure.sign * self.effect.per_seed
        return float(np.median(per_seed)) if self.count else np.nan

    @property
    def p(self) -> float:
        """P of the signed-rank test; NaN for too few pairs."""
        return self.effect.p

    @property
    def p_holm(self) -> float:
        """The same, corrected for what is tested together."""
        return self.decision.p

    @property
    def comparisons(self) -> int:
        """Number of contrasts that share the errors allowed to this one."""
        return self.decision.comparisons

    @property
    def fewest_comparisons(self) -> int:
        """The same of the least strict test that it could have passed."""
        return self.decision.fewest_comparisons

    @property
    def improvement(self) -> float:
        """The probability that the value is better, for a seed."""
        return improvement(self.effect.per_seed)

    @property
    def count(self) -> int:
        """Number of pairs."""
        return self.effect.count

    @property
    def tested(self) -> bool:
        """True if there were enough pairs for a test."""
        return self.effect.tested

    @property
    def lost(self) -> int:
        """Runs of either that diverged or failed."""
        return self.group.lost + self.reference.lost

    @cached_property
    def lost_alone(self) -> int:
        """Failed runs whose seed the other hasn't got: no pair counts them as the worst."""
        mine, other = self.group.scores("test"), self.reference.scores("test")
        alone = mine.index.symmetric_difference(other.index)
        return int(sum(scores[scores.index.isin(alone)].isna().sum() for scores in (mine, other)))

    @property
    def outcome(self) -> Outcome:
        """The verdict: no difference is claimed if runs failed that no pair counts."""
        claimed = self.decision.outcome.claims_difference
        return Outcome.INCONCLUSIVE if claimed and self.lost_alone else self.decision.outcome

    @property
    def is_slight(self) -> bool:
        """True if the whole interval is too small to matter, be it a difference or none."""
        low, high = self.difference.low, self.difference.high
        return -self.negligible <= low and high <= self.negligible

    @property
    def is_constant(self) -> bool:
        """True if all differences are the same, so that they have no interval."""
        has_none = np.isnan(self.difference.low)
        return self.count >= FEWEST_PAIRS and self.effect.has_means and has_none

    @property
    def rests_on_test(self) -> bool:
        """True if a difference isn't claimed though its interval excludes zero."""
        low, high = self.difference.bounds
        excludes = self.effect.has_means and (low > 0 or high < 0)
        return self.outcome is Outcome.INCONCLUSIVE and excludes

    @property
    def lowest_p(self) -> float:
        """The smallest corrected p that so many pairs could have."""
        return min(1.0, smallest_p(self.count) * self.fewest_comparisons)

    @cached_property
    def more_seeds(self) -> int | None:
        """Further seeds to find a difference of `negligible`; None unless undecided or unknown.

        Nor is a number of seeds for so small a difference what is missing of one that is seen.
        """
        if self.outcome is not Outcome.INCONCLUSIVE or self.lost or self.rests_on_test:
            return None
        needed = seeds_needed(self.effect, self.negligible, self.comparisons)
        return None if needed is None else max(needed - self.count, 1)


def contrasts(
    comparison: Comparison,
    equivalence: float,
    reasons: Mapping[tuple[str, Hashable], Unsettled] = MappingProxyType({}),
    slopes: Sequence[Slope] = (),
) -> tuple[Contrast, ...]:
    """A contrast for every group beside its reference, tested together with a data set's slopes.

    `reasons` has those whose best setting isn't known. None where all runs on a data set failed.
    """
    return corrected(
        [
            replace(
                contrast(reference, group, equivalence),
                unsettled=(
                    reasons.get((group.dataset, group.value)),
                    reasons.get((reference.dataset, reference.value)),
                ),
            )
            for reference, group in comparison.contrasted()
        ],
        slopes,
    )


def corrected(family: Sequence[Contrast], slopes: Sequence[Slope] = ()) -> tuple[Contrast, ...]:
    """Contrasts with verdicts that take into account that those of a data set are tested together.

    Its slopes are tested before them; see `decide`.
    """
    decisions: dict[int, Decision] = {}
    for dataset in dict.fromkeys(own.group.dataset for own in family):
        places = [place for place, own in enumerate(family) if own.group.dataset == dataset]
        along = [slope for slope in slopes if slope.line.dataset == dataset]
        together = decided([family[place] for place in places], along)
        decisions.update(zip(places, together, strict=False))
    return tuple(replace(own, decision=decisions[place]) for place, own in enumerate(family))


def decided(contrasts: Sequence[Contrast], slopes: Sequence[Slope]) -> list[Decision]:
    """Decisions on the contrasts and then the slopes of a data set, which are tested together.

    Any slope matters, however small: none is called equivalent to none.
    """
    return decide(
        [own.effect for own in contrasts],
        [own.negligible for own in contrasts],
        [(own.unsettled[0] is None, own.unsettled[1] is None) for own in contrasts],
        [Ordered(slope.effect, farthest_first(contrasts, slope.line)) for slope in slopes],
    )


def farthest_first(contrasts: Sequence[Contrast], line: Line) -> tuple[int, ...]:
    """Places of the contrasts along a line of numbers, from the value farthest from its reference.

    Farthest is by the number itself, which 0 has too.
    """
    distances = {
        place: abs(float(line.value_of(own.group)) - float(line.value_of(own.reference)))  # type: ignore[arg-type]
        for place, own in enumerate(contrasts)
        if own.group in line.groups and own.reference in line.groups
    }
    return tuple(sorted(distances, key=lambda place: -distances[place]))


def contrast(reference: Group, group: Group, equivalence: float) -> Contrast:
    """The contrast of two groups of a data set, for itself."""
    seeds = common_seeds([group.candidates, reference.candidates])
    effect = Effect(np.empty(0), np.full(1, np.nan))
    if seeds:
        effect = difference(group.candidates.tuned(seeds), reference.candidates.tuned(seeds))
    negligible = group.measure.negligible(equivalence, reference.typical)
    (decision,) = decide([effect], [negligible])
    return Contrast(reference, group, effect, negligible, decision)
