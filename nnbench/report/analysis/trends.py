"""Trends: what is claimed of slopes along numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnbench.report.analysis.contrasts import Contrast, decided
from nnbench.report.analysis.slopes import Slope
from nnbench.report.statistics import Decision


@dataclass(frozen=True, eq=False)
class Trend:
    """A slope, and what is claimed of it."""

    slope: Slope
    decision: Decision

    @property
    def bounds(self) -> tuple[float, float]:
        """Interval of the slope in the measure's own direction; NaN without one."""
        measure = self.slope.line.groups[0].measure
        return measure.in_own_direction(self.decision.low, self.decision.high)


def trends(slopes: Sequence[Slope], contrasts: Sequence[Contrast]) -> tuple[Trend, ...]:
    """Trends of all data sets, each tested together with the contrasts of its data set."""
    along: dict[str, list[Slope]] = {}
    for slope in slopes:
        along.setdefault(slope.line.dataset, []).append(slope)
    return tuple(
        Trend(slope, decision)
        for dataset, own in along.items()
        for slope, decision in zip(
            own,
            decided([c for c in contrasts if c.group.dataset == dataset], own)[-len(own) :],
            strict=True,
        )
    )
