"""Scores on the training, validation and test set against what is compared."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures, palette
from nnbench.pages.formatting import is_ordered, setting_text
from nnbench.pages.section import Section
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.axis_and_colour import axis_and_colour, coloured, undrawn_text, values_of
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.charts.outcomes import outcome_figure
from nnbench.report.compare.chance import chance_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import PREFIXES, Group
from nnbench.report.statistics import estimate

TITLE = "Scores on the three sets"

SETS = (palette.GREY, palette.AMBER, palette.BLUE)
"""Colours of the training, validation and test set."""

POINTS_A_GROUP = 40
"""Single runs that are drawn; more would only hide each other."""


def make(findings: Findings) -> Section | None:
    """A panel for every data set of which any run has finished."""
    comparison = findings.comparison
    if not all(group.measure.is_usual for group in comparison.groups):
        return Section("scores", TITLE, figures=[outcome_figure(comparison)])
    draw = panel if len(comparison.keys) == 1 else panel_of_two
    panels = [
        draw(comparison, name)
        for name in comparison.datasets
        if any(group.lost < len(group.runs) for group in comparison.of(name))
    ]
    if not panels:
        return None
    columns = PREFIXES.values() if draw is panel else ("test",)
    intervals = with_intervals(
        estimate(group.scores(column), group.metric.within)
        for group in comparison.groups for column in columns
    )  # fmt: skip
    caption = (
        f"Means over seeds{intervals}; faint points are single runs. All at each run's best "
        "validation epoch."
    )
    if draw is panel_of_two:
        caption = (
            f"Mean test scores over seeds{intervals}, at each run's best validation epoch; where "
            "any run diverged or failed there is none."
            + undrawn_text(comparison, axis_and_colour(comparison)[1])
        )
    figure = figures.Figure("scores", caption, panels)
    return Section("scores", TITLE, figures=[figure])


def panel(comparison: Comparison, dataset: str) -> Any:
    """Metric against the compared value, on one data set."""
    groups, compare = comparison.of(dataset), comparison.compare
    metric = groups[0].metric
    present = {group.value for group in groups}
    order = [setting_text(value) for value in comparison.values if value in present]
    means, points = means_and_points(groups)
    colour = alt.Color(
        "set:N",
        title="set",
        sort=list(PREFIXES),
        legend=figures.LEGEND,
        scale=alt.Scale(domain=list(PREFIXES), range=list(SETS)),
    )
    toggle = figures.legend_toggle("set")
    x = alt.X("value:N", title=compare, sort=order, axis=figures.names_axis(order))
    offset = alt.XOffset("offset:Q", scale=alt.Scale(domain=[0, 1]))
    axis = figures.axis_of(metric.name)
    y_title = metric.title
    form = metric.form
    scale = alt.Scale(zero=False)
    faint = (
        figures.chart(points)
        .mark_circle(size=22)
        .encode(
            x=x, xOffset=offset, color=colour,
            y=alt.Y("score:Q", title=y_title, axis=axis, scale=scale),
            opacity=figures.shown_if(toggle, 0.3),
            tooltip=["set:N", alt.Tooltip("value:N", title=compare), "seed:Q",
                     alt.Tooltip("score:Q", title=y_title, format=form)],
        )
    )  # fmt: skip
    base = figures.chart(means).encode(
        x=x, xOffset=offset, color=colour, opacity=figures.shown_if(toggle)
    )
    bars = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", title=y_title, axis=axis, scale=scale), y2="high:Q"
    )
    dots = base.mark_point(size=70, filled=True).encode(
        y=alt.Y("mean:Q", title=y_title, axis=axis, scale=scale),
        tooltip=["set:N", alt.Tooltip("value:N", title=compare),
                 alt.Tooltip("mean:Q", title="mean", format=form),
                 alt.Tooltip("low:Q", title="from", format=form),
                 alt.Tooltip("high:Q", title="to", format=form)],
    )  # fmt: skip
    layers = [faint, bars, dots, *chance_line(groups, axis)]
    return alt.layer(*layers).add_params(toggle).properties(title=dataset)


def chance_line(groups: Sequence[Group], axis: Any) -> list[Any]:
    """A dashed line at chance level, if any value is not above it: else it would only take room."""
    metric = groups[0].metric
    if all(is_above_chance(group) is not False for group in groups):
        return []
    level = pd.DataFrame([{"chance": chance_of(groups[0].runs, metric)}])
    return [
        figures.chart(level)
        .mark_rule(strokeDash=[4, 4], color=palette.GREY)
        .encode(
            y=alt.Y("chance:Q", title=metric.title, axis=axis),
            tooltip=[alt.Tooltip("chance:Q", title="chance", format=metric.form)],
        )
    ]


def means_and_points(groups: Sequence[Group]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Means with their intervals, and single runs, of each group on each of the three sets."""
    means, points = [], []
    for group in groups:
        for column_place, (split, column) in enumerate(PREFIXES.items()):
            values = group.scores(column)
            mean = estimate(values, group.metric.within)
            entry = {"value": setting_text(group.value), "set": split}
            if np.isfinite(mean.mean):
                low, high = mean.bounds
                middle = within(column_place, 0.5)
                means.append(
                    {**entry, "mean": mean.mean, "low": low, "high": high, "offset": middle}
                )
            finite = values.dropna().head(POINTS_A_GROUP)
            points += [
                {**entry, "score": float(score), "seed": seed,
                 "offset": within(column_place, figures.jitter(place))}
                for place, (seed, score) in enumerate(finite.items())
            ]  # fmt: skip
    return (
        pd.DataFrame(means, columns=["value", "set", "mean", "low", "high", "offset"]),
        pd.DataFrame(points, columns=["value", "set", "score", "seed", "offset"]),
    )


def within(column_place: int, place: float) -> float:
    """Place within a value's room of a place within one of its three columns; from 0 to 1."""
    return (column_place + place) / len(PREFIXES)


def panel_of_two(comparison: Comparison, dataset: str) -> Any:
    """The test metric on one data set against one compared key, a colour for every other."""
    axis_key, colour_key = axis_and_colour(comparison)
    groups = comparison.of(dataset)
    metric = groups[0].metric
    drawn_values = coloured(comparison, colour_key)
    rows = []
    for group in groups:
        values = comparison.columns_of(group.value)
        mean = estimate(group.scores("test"), metric.within)
        if values[colour_key] in drawn_values and np.isfinite(mean.mean):
            low, high = mean.bounds
            rows.append(
                {"setting": setting_text(values[axis_key]), "mean": mean.mean, "low": low,
                 "high": high, "value": setting_text(values[colour_key])}
            )  # fmt: skip
    columns = ["setting", "value", "mean", "low", "high"]
    along = values_of(comparison, axis_key)
    order = list(map(setting_text, along))
    toggle = figures.legend_toggle("value")
    y_title = f"test {metric.title}"
    axis, scale = figures.axis_of(metric.name), alt.Scale(zero=False)
    base = figures.chart(pd.DataFrame(rows, columns=columns)).encode(
        x=alt.X("setting:N", title=axis_key, sort=order, axis=figures.names_axis(order)),
        # Beside each other, so that no interval hides another.
        xOffset=alt.XOffset("value:N", sort=list(map(setting_text, drawn_values))),
        color=figures.colours(drawn_values, colour_key),
    )
    y = alt.Y("mean:Q", title=y_title, axis=axis, scale=scale)
    form = metric.form
    line = base.mark_line(strokeWidth=1.2).encode(y=y, opacity=figures.shown_if(toggle, 0.5))
    bars = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", title=y_title, axis=axis, scale=scale), y2="high:Q",
        opacity=figures.shown_if(toggle),
    )  # fmt: skip
    dots = base.mark_point(size=60, filled=True).encode(
        y=y,
        opacity=figures.shown_if(toggle),
        tooltip=[alt.Tooltip("setting:N", title=axis_key),
                 alt.Tooltip("value:N", title=colour_key),
                 *(alt.Tooltip(f"{name}:Q", format=form) for name in ("mean", "low", "high"))],
    )  # fmt: skip
    # What has no order has nothing between its values.
    layers = [line, bars, dots] if is_ordered(along) else [bars, dots]
    return alt.layer(*layers).add_params(toggle).properties(title=dataset)
