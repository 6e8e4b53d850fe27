"""Sentences on trends, and on values that are not worse than the best."""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from nnbench.options.components import is_number
from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.best_sets import NotWorse
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.lines import Line
from nnbench.report.analysis.slopes import Slope
from nnbench.report.analysis.trends import Trend
from nnbench.report.compare.comparison import KNOWN_BY_NAME, Comparison, in_words
from nnbench.report.question import noun_of, quantity_of
from nnbench.report.statistics import FEWEST_VALUES, Course, Outcome
from nnbench.report.text.numbers import (
    and_text,
    corrected_text,
    difference_text,
    level_text,
    p_text,
    same_size_text,
)

MOST_VALUES = 5
"""Values of a key that a sentence lists."""
MOST_UNSETTLED = 3
"""The same, of values that a headline leaves out."""
MOST_TRENDS = 6
"""Trends that have a sentence; of more those that are claimed come first."""


def trend_sentences(trends: Sequence[Trend], comparison: Comparison) -> Iterator[str]:
    """A sentence on each trend, up to a number, in the order of the data sets."""
    first_trends = sorted(trends, key=lambda trend: trend.decision.outcome is Outcome.INCONCLUSIVE)
    first_trends = first_trends[:MOST_TRENDS]
    yield from (trend_text(trend, comparison) for trend in trends if trend in first_trends)
    if len(first_trends) < len(trends):
        yield f"report.json has {count_text(len(trends) - len(first_trends), 'more trend')}."


def trend_text(trend: Trend, comparison: Comparison) -> str:
    """The effect of each doubling, with its interval and p, and the shape of the course."""
    slope, decision = trend.slope, trend.decision
    line, measure = slope.line, slope.line.groups[0].measure
    where = f"On {place_text(line, comparison)}{same_size_text(line.groups)}"
    is_claimed = decision.outcome.claims_difference
    ends = list(trend.bounds)
    if is_claimed:
        size = difference_text(measure, abs(slope.mean), sign=False)
        ends = sorted(map(abs, ends))
        effect = doubling_text(slope, f"{size}{measure.points}")
    else:
        size = difference_text(measure, slope.mean)
        effect = (
            f"{measure.title} shows no significant trend with {quantity_of(line.key)}: "
            f"{size}{measure.points} with each doubling"
        )
    low, high = (difference_text(measure, end, sign=not is_claimed) for end in ends)
    interval = f"{level_text(decision.level)} CI {low} to {high}, "
    evidence = (
        f"({'' if np.isnan(ends).any() else interval}"
        f"{count_text(slope.effect.count, 'paired seed')}, "
        f"{corrected_text(decision.comparisons > 1)}p {p_text(decision.p)})"
    )
    return f"{where}, {effect} {evidence}{course_text(slope)}{omitted_text(slope)}."


def doubling_text(slope: Slope, size: str) -> str:
    """The effect of a doubling, given its size in words."""
    line = slope.line
    verb = "falls" if slope.mean < 0 else "rises"
    title = line.groups[0].measure.title
    return f"{title} {verb} by {size} with each doubling of {quantity_of(line.key)}"


def place_text(line: Line, comparison: Comparison) -> str:
    """The data set of a line and, of two compared keys, the value of the other."""
    return comparison.place(line.dataset, line.groups[0].value, list(line.others))


def course_text(slope: Slope) -> str:
    """The shape of a course that bends; begins with a semicolon, or is empty.

    That it bends is tested at 5% for itself, which the sentence says.
    """
    direction = "falling" if slope.mean < 0 else "rising"
    turning = f"is in the middle, at {slope.line.key} {setting_text(slope.turning)}"
    shape = {
        Course.STRAIGHT: "",
        Course.BEST_IN_THE_MIDDLE: f"; the best {turning}",
        Course.WORST_IN_THE_MIDDLE: f"; the worst {turning}",
        Course.LATE: f"; flat at first, then {direction}",
        Course.EARLY: f"; {direction} at first, then flat",
    }[slope.course]
    return f"{shape} (p at most 0.05, not corrected)" if shape else ""


def trendless_sentences(findings: Findings) -> Iterator[str]:
    """A sentence on each line that has no trend because of values whose best isn't known."""
    for line in findings.trendless:
        unsettled = [value for value, group in zip(line.values, line.groups, strict=True)
                     if group in findings.unsettled]  # fmt: skip
        yield (
            f"On {place_text(line, findings.comparison)}, no trend with {quantity_of(line.key)} is "
            f"given: fewer than {FEWEST_VALUES} values remain after leaving out {line.key} "
            f"{names_in(unsettled, line)} ({reason_text(unsettled)})."
        )


def omitted_text(slope: Slope) -> str:
    """The values that a trend leaves out, and why; begins with a semicolon, or is empty."""
    reasons = (
        (slope.zeros, "zero doubles to zero"),
        (slope.unsettled, reason_text(slope.unsettled)),
    )
    return "".join(
        f"; {slope.line.key} {names_in(values, slope.line)} {are_text(values)} left out ({reason})"
        for values, reason in reasons if values
    )  # fmt: skip


def reason_text(values: Sequence[Hashable]) -> str:
    """The reason why a trend leaves values out whose best settings may not have been tried."""
    return f"best setting{'' if len(values) == 1 else 's'} unknown"


def are_text(values: Sequence[Hashable]) -> str:
    """The verb of so many values."""
    return "is" if len(values) == 1 else "are"


def unsettled_text(slope: Slope) -> str:
    """Values that a trend leaves out since their best setting isn't known; of many their number.

    Begins with a comma, or is empty.
    """
    values, line = slope.unsettled, slope.line
    if not values:
        return ""
    are_few = len(values) <= MOST_UNSETTLED
    which = (f"{line.key} {names_in(values, line)}" if are_few
             else f"{len(values)} of {len(line.values)} values of {line.key}")  # fmt: skip
    return f", leaving out {which} ({reason_text(values)})"


def not_worse_text(best_set: NotWorse, line: Line, comparison: Comparison) -> str:
    """The values of a line that are not worse than the best."""
    where = f"On {place_text(line, comparison)},"
    best = in_words({line.key: line.value_of(best_set.best)})
    seeds = count_text(best_set.seeds, "paired seed")
    if not best_set.has_enough_seeds:
        return f"{where} {best} has the best mean score ({seeds}, too few to rule out any other)."
    evidence = f"(95% confidence, {seeds})"
    members = [line.value_of(group) for group in best_set.members]
    is_largest = best_set.best is line.groups[-1] and all(map(is_number, line.values))
    last = f"; {best} is the largest that was tried" if is_largest else ""
    if len(members) == 1:
        return f"{where} {best} is the best, and every other is worse {evidence}{last}."
    if len(members) == len(line.groups):
        none = f"no {noun_of(line.key)} is shown to be worse than the best"
        return f"{where} {none}, {best} {evidence}{last}."
    key = "" if line.key in KNOWN_BY_NAME else f"{line.key} "
    others = [value for value in members if value != line.value_of(best_set.best)]
    names = f"{key}{names_in(others, line)} {are_text(others)}"
    return f"{where} {best} is the best, and {names} not shown to be worse {evidence}{last}."


def names_in(values: Sequence[Hashable], line: Line) -> str:
    """Values as they are typed; of many the first, or both ends if they are neighbours."""
    start = line.values.index(values[0])
    are_neighbours = tuple(values) == line.values[start : start + len(values)]
    if len(values) > MOST_VALUES and are_neighbours and all(map(is_number, values)):
        return f"{setting_text(values[0])} to {setting_text(values[-1])}"
    return and_text(list(map(setting_text, values)), MOST_VALUES)
