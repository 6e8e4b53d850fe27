"""Words of the forest plot of trends: names, axis, caption, and a description."""

from collections.abc import Sequence

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.trends import Trend
from nnbench.report.compare.measure import Measure
from nnbench.report.question import noun_of, quantity_of
from nnbench.report.text.forest import counts_text, unit_text
from nnbench.report.text.numbers import difference_text, levels_text
from nnbench.report.text.trends import place_text


def trends_name(trend: Trend) -> str:
    """The data set of a trend and, of two compared keys, the value of the other."""
    line = trend.slope.line
    return " · ".join([line.dataset, *map(setting_text, line.others.values())])


def trends_axis_title(measure: Measure, key: str) -> str:
    """The slope that is drawn, with its unit and, if lower is better, that it is."""
    return f"change in {measure.title} with each doubling of {quantity_of(key)}{unit_text(measure)}"


def trends_caption(findings: Findings, trends: Sequence[Trend]) -> str:
    """The meaning of rows and lines, and where all pairs are."""
    key = findings.comparison.keys[-1]
    levels = sorted({trend.decision.level for trend in trends})
    level = levels_text(levels)
    others = " · ".join(["data set", *findings.comparison.keys[:-1]])
    missing = len(findings.places) - len(trends)
    missing_text = (
        f" {count_text(missing, findings.comparison.place_noun)} without a trend."
        if missing
        else ""
    )
    zeros = dict.fromkeys(setting_text(zero) for trend in trends for zero in trend.slope.zeros)
    zeros_text = "".join(f" {key[0].upper()}{key[1:]} {zero} has no double." for zero in zeros)
    return (
        f"Change with each doubling of {quantity_of(key)} and the CI that decides ({level}); "
        f"rows: {others}."
        f"{missing_text}{zeros_text} The next chart has each {noun_of(key)}."
    )


def trends_alt(findings: Findings, trends: Sequence[Trend]) -> str:
    """The number of trends with each outcome, and the largest."""
    outcomes = counts_text(trend.decision.outcome for trend in trends)
    most = max(trends, key=lambda trend: abs(trend.slope.mean))
    line, measure = most.slope.line, most.slope.line.groups[0].measure
    size = difference_text(measure, most.slope.mean) + measure.points
    return (
        f"Forest plot of the change with each doubling of {quantity_of(line.key)} in "
        f"{count_text(len(trends), findings.comparison.place_noun)}: {outcomes}. Largest: "
        f"{size} on {place_text(line, findings.comparison)}. The table has all values."
    )
