"""Trends: what is claimed of slopes along numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.slopes import Slope
from nnbench.report.statistics import Decision, decide


@dataclass(frozen=True, eq=False)
class Trend:
    """A slope, and what is claimed of it."""

    slope: Slope
    decision: Decision

    @property
    def bounds(self) -> tuple[float, float]:
        """Interval of the slope in the measure's own direction; NaN without one."""
        sign = self.slope.line.groups[0].measure.sign
        low, high = sorted((sign * self.decision.low, sign * self.decision.high))
        return low, high


def trends(slopes: Sequence[Slope], contrasts: Sequence[Contrast]) -> tuple[Trend, ...]:
    """Those of all data sets, each tested together with the contrasts of its data set."""
    along: dict[str, list[Slope]] = {}
    for slope in slopes:
        along.setdefault(slope.line.dataset, []).append(slope)
    return tuple(
        Trend(slope, decision)
        for dataset, own in along.items()
        for slope, decision in zip(own, decided(dataset, own, contrasts), strict=True)
    )


def decided(dataset: str, slopes: Sequence[Slope], contrasts: Sequence[Contrast]) -> list[Decision]:
    """Decisions on the slopes of a data set."""
    effects = [slope.effect for slope in slopes]
    effects += [contrast.effect for contrast in contrasts if contrast.group.dataset == dataset]
    # Any slope matters, however small: none is called equivalent to none.
    return decide(effects, [0.0] * len(effects))[: len(slopes)]
