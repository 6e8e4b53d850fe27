"""Values that are not worse than the best, among groups that are compared with each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.compare.candidates import common_seeds
from nnbench.report.compare.group import Group, tuned_together
from nnbench.report.statistics import FEWEST_PAIRS, best_set


@dataclass(frozen=True, eq=False)
class NotWorse:
    """The groups that may be the best, of which all truly best ones are in 95% of experiments."""

    groups: tuple[Group, ...]
    """All that were compared."""
    members: tuple[Group, ...]
    """Groups that are not worse than the best, in the same order."""
    best: Group
    """The one with the highest mean score."""
    shares: dict[Group, float]
    """Share of resamples in which each is the best."""
    seeds: int
    """Number of seeds that all have in common."""

    @property
    def has_enough_seeds(self) -> bool:
        """True if any could be left out."""
        return self.seeds >= FEWEST_PAIRS


def not_worse(
    groups: Sequence[Group], contrasts: Sequence[Contrast], unsettled: Collection[Group] = ()
) -> NotWorse | None:
    """The set, which agrees with what the contrasts say; None if there is nothing to compare.

    A run that diverged or failed counts at chance level. Groups that are `unsettled`, whose best
    setting isn't known, are never left out.
    """
    seeds = common_seeds([group.candidates for group in groups])
    if len(groups) < 2 or not seeds or all(group.lost == len(group.runs) for group in groups):
        return None
    places = {group: place for place, group in enumerate(groups)}
    worse = {places[loser] for loser in losers(contrasts, places)}
    best_known = best_set(
        tuned_together(groups), worse, {places[group] for group in unsettled if group in places}
    )
    return NotWorse(
        tuple(groups),
        tuple(groups[place] for place in best_known.members),
        groups[best_known.best],
        dict(zip(groups, best_known.shares, strict=True)),
        len(seeds),
    )


def losers(contrasts: Sequence[Contrast], among: Collection[Group]) -> list[Group]:
    """The groups that a contrast says to be worse than another of them."""
    return [
        contrast.group if contrast.outcome is Outcome.WORSE else contrast.reference
        for contrast in contrasts
        if contrast.outcome.claims_difference
        and contrast.group in among
        and contrast.reference in among
    ]
