"""The heat map of one data set: a cell for every pair of two settings."""

from typing import Any, Final

import altair as alt
import numpy as np

from nnbench.pages import figures
from nnbench.pages.formatting import setting_text
from nnbench.report.analysis.heatmaps import Grid

PRINTED = 48
"""Cells up to which each has its score written in it."""

SCHEME: Final = "viridis"
"""Grows evenly from dark to light, for colour-blind readers as well."""

LONGEST_NAME = 100
"""Pixels of a row's name, beyond which it is cut."""

SAME = 1e-3
"""The least difference that has colours of its own."""

LOST, EDGE = "#cfcfcf", "#8a8a8a"
"""Ground of a cell without a mean, on which black can be read on a page of any colour."""


def heatmap(grid: Grid) -> Any:
    """One data set, a cell for every pair."""
    frame = grid.cells.assign(
        row=grid.cells["row"].map(setting_text), column=grid.cells["column"].map(setting_text)
    )
    is_small = len(frame) <= PRINTED
    frame["text"] = [text_of(grid, mean, is_small) for mean in frame["mean"]]
    low, high = bounds(grid)
    # Text stands out from the ground: white on the dark half, black on the light.
    share = (frame["mean"].clip(low, high) - low) / (high - low)
    light = share if grid.metric.sign > 0 else 1 - share
    frame["ink"] = np.where(frame["mean"].isna() | (light > 0.55), "#000000", "#ffffff")
    row, column = grid.keys
    along, down = (list(map(setting_text, values)) for values in (grid.columns, grid.rows))
    x = alt.X("column:N", title=column, sort=along, axis=figures.names_axis(along))
    y = alt.Y("row:N", title=row, sort=down, axis=alt.Axis(labelLimit=LONGEST_NAME))
    form = grid.metric.form
    title = f"{grid.split} {grid.metric.title}"
    tooltip = [alt.Tooltip("row:N", title=row), alt.Tooltip("column:N", title=column),
               alt.Tooltip("mean:Q", title=title, format=form),
               alt.Tooltip("lost:Q", title="diverged or failed"), "runs:Q"]  # fmt: skip
    scale = alt.Scale(scheme=SCHEME, domain=[low, high], clamp=True, reverse=grid.metric.sign < 0)
    form_of_scale = ".4~%" if grid.metric.is_share else ".4~g"
    legend = alt.Legend(title=title, format=form_of_scale, tickCount=4, labelOverlap=True)
    base = figures.chart(frame).encode(x=x, y=y, tooltip=tooltip)
    whole = base.transform_filter("isValid(datum.mean)").mark_rect().encode(
        color=alt.Color("mean:Q", scale=scale, legend=legend)
    )  # fmt: skip
    lost = base.transform_filter("!isValid(datum.mean)").mark_rect(
        color=LOST, stroke=EDGE, strokeDash=[3, 3]
    )
    text = base.mark_text(fontSize=11).encode(
        text="text:N", color=alt.Color("ink:N", scale=None, legend=None)
    )
    layers = alt.layer(whole, lost, text).resolve_scale(color="independent")
    return layers.properties(title=grid.dataset)


def text_of(grid: Grid, mean: float, is_small: bool) -> str:
    """The text in a cell: the score of a small map, a cross without a mean."""
    if np.isnan(mean):
        return "×"
    if not is_small:
        return ""
    return f"{100 * mean:.1f}" if grid.metric.is_share else f"{mean:.2f}".replace("-", "−")


def bounds(grid: Grid) -> tuple[float, float]:
    """The scores between which colours grow.

    An R² below 0, of what is worse than the mean, may be as low as it likes: all such are dark.
    """
    means = grid.cells["mean"].dropna()
    low, high = float(means.min()), float(means.max())
    if grid.metric.name == "r2" and high > 0:
        low = max(low, 0.0)
    return (low, high) if high - low > SAME else (low, low + SAME)
