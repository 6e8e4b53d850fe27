"""Slopes of scores along numbers: what each doubling does, on each data set."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass

import numpy as np

from nnbench.report.analysis.lines import Line, lines
from nnbench.report.compare.candidates import common_seeds
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.families import has_trend
from nnbench.report.compare.group import Group, tuned_together
from nnbench.report.statistics import FEWEST_PAIRS, FEWEST_VALUES, Course, Effect, course, trend


@dataclass(frozen=True, eq=False)
class Slope:
    """The course of scores along a line of groups, before it is decided on."""

    line: Line
    effect: Effect
    """Slope per doubling, for each seed and in each resample; above zero is better."""
    course: Course
    turning: Hashable
    """Best of the values between the ends, or the worst where the course says so."""
    zeros: tuple[Hashable, ...]
    """Values that have no doubling, and were left out."""
    unsettled: tuple[Hashable, ...]
    """Values whose best setting isn't known, and that were left out for it."""

    @property
    def mean(self) -> float:
        """Slope in the measure's own direction."""
        return self.line.groups[0].measure.sign * self.effect.mean


def slopes(comparison: Comparison, unsettled: Collection[Group] = ()) -> list[Slope]:
    """Slopes of every compared key whose values are numbers, where some run has finished.

    Groups that are `unsettled`, whose best setting isn't known, are left out.
    """
    along = (slope_of(line, unsettled) for line in trained_lines(comparison))
    return [slope for slope in along if slope is not None]


def trendless(comparison: Comparison, unsettled: Collection[Group]) -> list[Line]:
    """Lines that would have a slope if the best setting of all their groups were known."""
    return [
        line for line in trained_lines(comparison)
        if any(group in unsettled for group in line.groups)
        and slope_of(line, unsettled) is None and slope_of(line, ()) is not None
    ]  # fmt: skip


def trained_lines(comparison: Comparison) -> list[Line]:
    """Lines of every compared key that compete, on data on which some run was not lost."""
    return [
        line for key in comparison.keys for line in lines(comparison, key)
        if line.dataset not in comparison.lost and any(map(comparison.competes, line.groups))
    ]  # fmt: skip


def slope_of(line: Line, unsettled: Collection[Group]) -> Slope | None:
    """The slope along a line; None for words, fewer than three values, or too few seeds.

    Nor have infinite times one.
    """
    if not has_trend(line.values):
        return None
    pairs = list(zip(line.values, line.groups, strict=True))
    above = [(value, group) for value, group in pairs if value > 0]  # type: ignore[operator]
    points = [(float(value), group)  # type: ignore[arg-type]
            for value, group in above if group not in unsettled]  # fmt: skip
    groups = [group for _, group in points]
    if len(points) < FEWEST_VALUES:
        return None
    if len(common_seeds([member.candidates for member in groups])) < FEWEST_PAIRS:
        return None
    values, scores = [value for value, _ in points], tuned_together(groups)
    if not all(np.isfinite(score.per_seed).all() for score in scores):
        return None
    effect = trend(values, scores)
    if effect is None:
        return None
    shape = course(values, scores)
    means = [score.mean for score in scores[1:-1]]
    turning = np.argmin(means) if shape is Course.WORST_IN_THE_MIDDLE else np.argmax(means)
    return Slope(
        line,
        effect,
        shape,
        turning=line.value_of(groups[1 + int(turning)]),
        zeros=tuple(value for value, group in pairs if (value, group) not in above),
        unsettled=tuple(value for value, group in above if group in unsettled),
    )
