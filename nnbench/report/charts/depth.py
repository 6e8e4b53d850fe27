"""Charts of the score, the fitting gap and the generalization gap against depth."""

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures, palette
from nnbench.pages.formatting import setting_text
from nnbench.report.analysis.best_sets import NotWorse
from nnbench.report.analysis.depth import Point, Series, other_key
from nnbench.report.charts.axis_and_colour import coloured
from nnbench.report.compare.comparison import Comparison
from nnbench.report.metric import Metric
from nnbench.report.statistics import Estimate

LONE = palette.BLUE
"""The colour of the one line of a panel without a second key."""

BAND = 0.22
"""Opacity of the band of intervals around a lone line."""

SIZES = {"best": 170, "not worse than the best": 80, "": 25}
"""Size of a point, by where its depth stands."""


def charts(comparison: Comparison, of_data: Sequence[Series]) -> Iterator[Any]:
    """Test score, fitting gap and generalization gap against depth on one data set."""
    dataset, metric = of_data[0].dataset, of_data[0].points[0].group.metric
    key = other_key(comparison)
    drawn = [line for line in of_data if not key or line.other in coloured(comparison, key)]
    titles = {
        "test": f"test {metric.title}",
        "fitting_gap": "fitting gap",
        "generalization_gap": "generalization gap",
    }
    for quantity, title in titles.items():
        rows = [row for line in drawn for row in rows_of(line, quantity)]
        if len({row["depth"] for row in rows}) > 1:
            yield panel(comparison, pd.DataFrame(rows), dataset, title, metric)


def rows_of(series: Series, quantity: str) -> Iterator[dict[str, Any]]:
    """Mean and interval of a quantity by depth, where no run diverged or failed."""
    for point in series.points:
        estimate: Estimate = getattr(point, quantity)
        if np.isfinite(estimate.mean):
            low, high = estimate.bounds
            label = standing(point, series.best)
            yield {
                "value": setting_text(series.other),
                "depth": point.depth,
                "mean": estimate.mean,
                "low": low,
                "high": high,
                "size": SIZES[label],
                "standing": label,
            }


def standing(point: Point, best: NotWorse | None) -> str:
    """The label of a depth: `best` for the best mean test score, or whether it is not worse."""
    if best is not None and point.group is best.best:
        return "best"
    if best is None or not best.has_enough_seeds:
        return ""
    return "not worse than the best" if point.group in best.members else ""


def panel(
    comparison: Comparison, rows: pd.DataFrame, dataset: str, title: str, metric: Metric
) -> Any:
    """A quantity against depth, a line for each value of the other key; the best depth is large."""
    key = other_key(comparison)
    scale = alt.Scale(zero=title.endswith("gap"))
    axis = figures.axis_of(metric.name)
    base = figures.chart(rows).encode(x=alt.X("depth:O", axis=alt.Axis(labelAngle=0)))
    toggle = figures.legend_toggle("value")
    colour = alt.value(LONE)
    if key:
        values = coloured(comparison, key)
        colour = figures.colours(values, key)
        # Beside each other, so that no interval hides another.
        base = base.encode(xOffset=alt.XOffset("value:N", sort=list(map(setting_text, values))))
    base = base.encode(color=colour, opacity=figures.shown_if(toggle) if key else alt.value(1.0))
    # Bands of several lines would hide each other.
    band = base.mark_area().encode(opacity=alt.value(BAND))
    bars = (base.mark_rule(strokeWidth=2) if key else band).encode(
        y=alt.Y("low:Q", title=title, scale=scale, axis=axis), y2="high:Q"
    )
    y = alt.Y("mean:Q", title=title, scale=scale, axis=axis)
    line = base.mark_line(strokeWidth=1.8).encode(y=y)
    other = [alt.Tooltip("value:N", title=key)] if key else []
    dots = base.mark_point(filled=True).encode(
        y=y,
        size=alt.Size("size:Q", scale=None),
        tooltip=[*other, "depth:O", *(alt.Tooltip(f"{name}:Q", format=metric.form)
                                     for name in ("mean", "low", "high")), "standing:N"],
    )  # fmt: skip
    joined = alt.layer(bars, line, dots)
    return (joined.add_params(toggle) if key else joined).properties(title=f"{dataset}: {title}")
