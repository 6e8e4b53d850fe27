"""The chart of tuned and untuned settings."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages import figures, palette
from nnbench.pages.formatting import setting_text
from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.untuned import settings_text
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import estimate
from nnbench.report.text.comparison import undrawn_values_text

KINDS = {"untuned": palette.AMBER, "tuned": palette.BLUE}
"""Kind of setting → its colour."""


def tuning_figure(comparison: Comparison, tunings: Sequence[Contrast]) -> list[figures.Figure]:
    """A panel for every data set: the untuned and the tuned score."""
    panels = []
    for dataset in comparison.datasets:
        of_data = [
            tuning for tuning in tunings
            if tuning.group.dataset == dataset and tuning.group.value in comparison.drawn
        ]  # fmt: skip
        if any(not tuning.lost for tuning in of_data):
            panels.append(panel(comparison, of_data, dataset))
    scores = (
        estimate(group.scores("test"), group.metric.within)
        for tuning in tunings for group in (tuning.reference, tuning.group)
    )  # fmt: skip
    bars = with_intervals(scores)
    caption = (
        f"Mean test score over seeds of each value's untuned and tuned setting{bars}. A setting at "
        "which any run diverged or failed has no mean." + undrawn_values_text(comparison)
    )
    return [figures.Figure("tuning", caption, panels)] if panels else []


def panel(comparison: Comparison, tunings: Sequence[Contrast], dataset: str) -> Any:
    """Two points for each value on one data set."""
    metric = tunings[0].group.metric
    points = []
    for tuning in tunings:
        for kind, group in zip(KINDS, (tuning.reference, tuning.group), strict=True):
            mean = estimate(group.scores("test"), metric.within)
            low, high = mean.bounds
            points.append(
                {
                    "value": setting_text(group.value),
                    "kind": kind,
                    "mean": mean.mean,
                    "low": low,
                    "high": high,
                    "setting": settings_text(group),
                }
            )
    frame = pd.DataFrame(points).dropna(subset="mean")
    order = [setting_text(value) for value in comparison.drawn]
    axis = figures.axis_of(metric.name)
    axis.tickCount = 5
    form = metric.form
    toggle = figures.legend_toggle("kind")
    domain = list(KINDS)
    colour = alt.Color(
        "kind:N", title="setting", sort=domain, legend=figures.LEGEND,
        scale=alt.Scale(domain=domain, range=list(KINDS.values())),
    )  # fmt: skip
    base = figures.chart(frame).encode(
        y=alt.Y("value:N", title=comparison.compare, sort=order),
        yOffset=alt.YOffset("kind:N", sort=domain),
        color=colour,
        opacity=figures.shown_if(toggle),
    )
    scale = alt.Scale(zero=False)
    title = f"test {metric.title}"
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=title, axis=axis, scale=scale), x2="high:Q"
    )
    dots = base.mark_point(size=70, filled=True).encode(
        x=alt.X("mean:Q", title=title, axis=axis, scale=scale),
        tooltip=[alt.Tooltip("value:N", title=comparison.compare), "kind:N", "setting:N",
                 *(alt.Tooltip(f"{name}:Q", format=form) for name in ("mean", "low", "high"))],
    )  # fmt: skip
    return alt.layer(bars, dots).add_params(toggle).properties(title=dataset)
