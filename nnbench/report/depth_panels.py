"""Charts of figures against depth."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.wording import setting_text
from nnbench.report.depth import (
    GAPS,
    Optimum,
    by_other,
    depth_of,
    losses,
    optimum,
    other_key,
    other_of,
)
from nnbench.report.groups import Comparison, Group
from nnbench.report.order import ranked
from nnbench.report.statistics import estimate

LOWEST_LOSS = 1e-8
"""Lower losses are drawn here: single precision tells them from zero no longer."""

LONE = "#0072b2"
"""The colour of the one line of a panel without a second key."""

SIZES = {"best": 170, "may be best": 80, "": 25}
"""Of a point, by what its depth may be."""


def charts(comparison: Comparison, dataset: str) -> Iterator[Any]:
    """What is reached, and what is lost where, against depth on one data set."""
    metric = comparison.of(dataset)[0].metric
    shown = (
        (f"test {metric.title}", metric.name, lambda group: group.figures("test")),
        *((f"lost in {gap}", metric.name, values) for gap, values in GAPS.items()),
        ("training loss", "", lambda group: losses(group, "best_train")),
    )
    for title, axis, values in shown:
        rows = [
            row
            for other, groups in by_other(comparison, dataset).items()
            for row in points(groups, other, values)
        ]
        if rows:
            yield panel(comparison, pd.DataFrame(rows), f"{dataset}: {title}", axis)


def points(
    groups: Sequence[Group], other: Hashable, values: Callable[[Group], pd.Series]
) -> Iterator[dict[str, Any]]:
    """Mean and interval of a figure by depth, where no run was lost."""
    best = optimum(groups)
    for group in groups:
        mean = estimate(values(group))
        if np.isfinite(mean.mean):
            ends = (mean.mean if np.isnan(end) else end for end in (mean.low, mean.high))
            low, high = ends
            yield {
                "value": setting_text(other),
                "depth": depth_of(group),
                "mean": mean.mean,
                "low": low,
                "high": high,
                "size": SIZES[standing(depth_of(group), best)],
                "standing": standing(depth_of(group), best),
            }


def standing(depth: int, best: Optimum | None) -> str:
    """Whether a depth is the best of the test part, or may be it when seeds are drawn again."""
    if best is not None and depth == best.depth:
        return "best"
    if best is None or best.low is None or best.high is None:
        return ""
    return "may be best" if best.low <= depth <= best.high else ""


def panel(comparison: Comparison, rows: pd.DataFrame, title: str, metric: str) -> Any:
    """A figure against depth, a line for every value of the other key; the best depth is large."""
    is_loss = not metric
    if is_loss:
        # A logarithmic axis has no place for zero, which a loss may reach.
        rows = rows.assign(**rows[["mean", "low", "high"]].clip(lower=LOWEST_LOSS))
    key = other_key(comparison)
    scale = alt.Scale(type="log") if is_loss else alt.Scale(zero="lost" in title)
    axis = figures.LOG_AXIS if is_loss else figures.axis_of(metric)
    y_title = title.partition(": ")[2] + (" (log)" if is_loss else "")
    base = figures.chart(rows).encode(x=alt.X("depth:O", axis=alt.Axis(labelAngle=0)))
    toggle = figures.legend_toggle("value")
    colour = alt.value(LONE)
    if key:
        values = sorted({other_of(comparison, group) for group in comparison.groups}, key=ranked)
        colour = figures.colours(values, key)
    base = base.encode(color=colour, opacity=figures.shown_if(toggle) if key else alt.value(1.0))
    bars = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", title=y_title, scale=scale, axis=axis), y2="high:Q"
    )
    y = alt.Y("mean:Q", title=y_title, scale=scale, axis=axis)
    line = base.mark_line(strokeWidth=1.8).encode(y=y)
    told = [alt.Tooltip("value:N", title=key)] if key else []
    dots = base.mark_point(filled=True).encode(
        y=y,
        size=alt.Size("size:Q", scale=None),
        tooltip=[*told, "depth:O", *(alt.Tooltip(f"{name}:Q", format=".4~g")
                                     for name in ("mean", "low", "high")), "standing:N"],
    )  # fmt: skip
    joined = alt.layer(line, bars, dots)
    return (joined.add_params(toggle) if key else joined).properties(title=title)
