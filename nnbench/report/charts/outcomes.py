"""Chart of an outcome measure other than the test score at the best epoch."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures, palette
from nnbench.pages.formatting import setting_text
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import estimate

POINTS_A_GROUP = 40
"""Single runs that are drawn; more would only hide each other."""


def outcome_figure(comparison: Comparison) -> figures.Figure:
    """A panel for every data set, and of times to a target one more with the share that reach it.

    Two compared keys stand side by side on the axis.
    """
    panels = []
    for dataset in comparison.datasets:
        groups = comparison.of(dataset)
        panels.append(panel(comparison, groups, dataset))
        if groups[0].measure.is_time:
            panels.append(shares_panel(comparison, groups, dataset))
    is_time = any(group.measure.is_time for group in comparison.groups)
    caption = (
        "Medians over seeds of the time to the target, where half of them reach it, and the share "
        "that does; faint points are single runs."
        if is_time
        else "Means over seeds, with 95% confidence intervals for six seeds or more; faint points "
        "are single runs. Where any run diverged or failed there is no mean."
    )
    return figures.Figure("metric", caption, panels)


def panel(comparison: Comparison, groups: Sequence[Group], dataset: str) -> Any:
    """The outcome against the compared value, on one data set."""
    measure = groups[0].measure
    order = [setting_text(group.value) for group in groups]
    x = alt.X("value:N", title=comparison.compare, sort=order, axis=figures.names_axis(order))
    axis = alt.Axis() if measure.is_time else figures.axis_of(measure.metric.name)
    scale, title = alt.Scale(zero=False), measure.title
    form = measure.form
    faint = (
        figures.chart(points(groups))
        .mark_circle(size=22, opacity=0.4, color=palette.BLUE)
        .encode(
            x=x,
            xOffset=alt.XOffset("offset:Q", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("outcome:Q", title=title, axis=axis, scale=scale),
            tooltip=[alt.Tooltip("value:N", title=comparison.compare), "seed:Q",
                     alt.Tooltip("outcome:Q", title=title, format=form)],
        )
    )  # fmt: skip
    base = figures.chart(middles(groups)).encode(x=x)
    bars = base.mark_rule(strokeWidth=2, color=palette.BLUE).encode(
        y=alt.Y("low:Q", title=title, axis=axis, scale=scale), y2="high:Q"
    )
    dots = base.mark_point(size=70, filled=True, opacity=1, color=palette.BLUE).encode(
        y=alt.Y("middle:Q", title=title, axis=axis, scale=scale),
        tooltip=[alt.Tooltip("value:N", title=comparison.compare),
                 *(alt.Tooltip(f"{name}:Q", format=form) for name in ("middle", "low", "high"))],
    )  # fmt: skip
    return alt.layer(faint, bars, dots).properties(title=dataset)


def middles(groups: Sequence[Group]) -> pd.DataFrame:
    """Mean of each group with its interval, or median of its times; none that isn't finite."""
    rows = []
    for group in groups:
        middle = low = high = group.typical
        if not group.measure.is_time:
            mean = estimate(group.values, group.measure.within)
            middle, (low, high) = mean.mean, mean.bounds
        if np.isfinite(middle):
            rows.append((setting_text(group.value), middle, low, high))
    return pd.DataFrame(rows, columns=["value", "middle", "low", "high"])


def points(groups: Sequence[Group]) -> pd.DataFrame:
    """The outcomes of single runs, those that are finite."""
    rows = [
        (setting_text(group.value), float(outcome), seed, figures.jitter(place))
        for group in groups
        for place, (seed, outcome) in enumerate(
            group.values[np.isfinite(group.values)].head(POINTS_A_GROUP).items()
        )
    ]
    return pd.DataFrame(rows, columns=["value", "outcome", "seed", "offset"])


def shares_panel(comparison: Comparison, groups: Sequence[Group], dataset: str) -> Any:
    """The share of seeds that reach the target, on one data set."""
    order = [setting_text(group.value) for group in groups]
    rows = [(setting_text(group.value), group.reached / group.tuned.per_seed.size)
            for group in groups]  # fmt: skip
    return (
        figures.chart(pd.DataFrame(rows, columns=["value", "share"]))
        .mark_bar(color=palette.BLUE)
        .encode(
            x=alt.X("value:N", title=comparison.compare, sort=order,
                    axis=figures.names_axis(order)),
            y=alt.Y("share:Q", title="share that reach the target", axis=alt.Axis(format="%"),
                    scale=alt.Scale(domain=[0, 1])),
            tooltip=[alt.Tooltip("value:N", title=comparison.compare),
                     alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(title=dataset)
    )  # fmt: skip
