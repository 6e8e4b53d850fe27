"""Trends as a forest plot: of each data set and value of another key the slope, with its interval.

It stands for the panels of all pairs, where these are too many to be seen at once.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.trends import Trend
from nnbench.report.charts.forest_panel import Along, rows_chart
from nnbench.report.charts.forest_rows import COLUMNS, SHAPES, Axis, with_room
from nnbench.report.charts.outcome_marks import COLOURS, SIGNS
from nnbench.report.compare.measure import Measure
from nnbench.report.text.forest_trends import (
    trends_alt,
    trends_axis_title,
    trends_caption,
    trends_name,
)
from nnbench.report.text.numbers import difference_text

FEWEST, MOST = 3, 40
"""Trends that are drawn: of fewer, all pairs are seen at once; of more, not even the trends are."""

ROW = 18
"""Pixels from one row to the next."""


def trend_figure(findings: Findings) -> figures.Figure | None:
    """A row for each trend of the last compared key; None unless most places have one."""
    key = findings.comparison.keys[-1]
    trends = [trend for trend in findings.trends if trend.slope.line.key == key]
    if not FEWEST <= len(trends) <= MOST or 2 * len(trends) <= len(findings.places):
        return None
    by_measure: dict[Measure, list[Trend]] = {}
    for trend in trends:
        by_measure.setdefault(trend.slope.line.groups[0].measure, []).append(trend)
    axes = {measure: axis_of(measure, own) for measure, own in by_measure.items()}
    frames = {measure: drawn(own) for measure, own in by_measure.items()}
    widest = max(len(label) for frame in frames.values() for label in frame["label"])
    panels: list[Any] = [
        rows_chart(frame, Along(axes[measure], trends_axis_title(measure, key)), widest, row=ROW)
        for measure, frame in frames.items()
    ]
    return figures.Figure(
        "forest", trends_caption(findings, trends), panels, panels_a_row=1,
        clickable=False, alt=trends_alt(findings, trends),
    )  # fmt: skip


def axis_of(measure: Measure, trends: Sequence[Trend]) -> Axis:
    """The axis that the trends of a measure share, none of which it leaves out."""
    factor = measure.factor
    numbers = [0.0, *(number for trend in trends for number in (trend.slope.mean, *trend.bounds))]
    return with_room(factor * float(np.nanmin(numbers)), factor * float(np.nanmax(numbers)))


def drawn(trends: Sequence[Trend]) -> pd.DataFrame:
    """A row for each trend, in the order of the data."""
    return pd.DataFrame([row_of(trend) for trend in trends], columns=list(COLUMNS))


def row_of(trend: Trend) -> dict[str, Any]:
    """The row of one trend: its size and outcome stand at the right."""
    measure, outcome = trend.slope.line.groups[0].measure, trend.decision.outcome
    factor, mean = measure.factor, trend.slope.mean
    low, high = trend.bounds
    size = difference_text(measure, mean) + measure.points
    ends = " to ".join(difference_text(measure, end) for end in (low, high))
    return {
        "name": trends_name(trend),
        "sign": SIGNS[outcome],
        # Its unit is that of the axis.
        "label": f"{difference_text(measure, mean)} · {outcome.value}",
        "colour": COLOURS[outcome],
        "shape": SHAPES[outcome],
        "mean": factor * mean,
        "low": factor * low,
        "high": factor * high,
        "difference": size,
        "interval": "—" if np.isnan(low) else ends,
    }
