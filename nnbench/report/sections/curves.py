"""Learning curves: losses and the metric by epoch, as a median with a band."""

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.pages import figures
from nnbench.pages.formatting import setting_text
from nnbench.pages.section import Section
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.axis_and_colour import PLACES, side_by_side
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.text.comparison import undrawn_values_text
from nnbench.run.result import History

POINTS = 80
"""Epochs that are drawn of a curve, at most."""

LOWEST_LOSS = 1e-8
"""Lower losses are drawn here: single precision no longer distinguishes them from zero."""

BAND = (0.1, 0.5, 0.9)
"""Lower edge, line and upper edge, as shares of the runs."""


def make(findings: Findings) -> Section | None:
    """Training loss, validation loss and validation metric by epoch, a row for every data set."""
    comparison = side_by_side(findings.comparison, PLACES)
    panels = []
    for dataset in comparison.datasets:
        groups = comparison.drawn_of(dataset)
        # Every file of curves is read once, for all three panels.
        curves = [(group, curves_of(group, findings.histories)) for group in groups]
        metric = comparison.of(dataset)[0].metric
        courses = {
            "train_loss": "training loss",
            "validation_loss": "validation loss",
            f"validation_{metric.name}": f"validation {metric.title}",
        }
        for name, title in courses.items():
            rows = [row for group, runs in curves for row in band(group, runs, name)]
            if any(row["epoch"] for row in rows):
                panels.append(panel(comparison, rows, title, dataset))
    if not panels:
        return None
    caption = (
        "Median over runs by epoch; the band holds the middle 80% of them. Epoch 0 is the network "
        "before training. A run that stopped early or diverged counts up to its last epoch."
        + undrawn_values_text(comparison)
    )
    return Section("curves", "Learning curves", figures=[figures.Figure("curves", caption, panels)])


def curves_of(group: Group, histories: Mapping[str, History]) -> list[dict[str, Array]]:
    """The curves of the group's runs that left any."""
    curves_by_run = []
    for run_id in group.runs["run_id"]:
        try:
            curves_by_run.append(histories[run_id].curves)
        except KeyError:
            continue
    return curves_by_run


def band(group: Group, runs: list[dict[str, Array]], name: str) -> Iterator[dict[str, Any]]:
    """The quantiles of one curve over the runs of a group, by epoch."""
    curves = [curves[name] for curves in runs if name in curves]
    if not curves:
        return
    table = np.full((len(curves), max(map(len, curves))), np.nan)
    for row, curve in zip(table, curves, strict=True):
        row[: len(curve)] = np.where(np.isfinite(curve), curve, np.nan)
    for epoch in np.unique(np.linspace(0, table.shape[1] - 1, POINTS).round().astype(int)):
        values = table[:, epoch][~np.isnan(table[:, epoch])]
        if values.size:
            low, median, high = np.quantile(values, BAND)
            yield {
                "value": setting_text(group.value),
                "epoch": int(epoch),
                "median": float(median),
                "low": float(low),
                "high": float(high),
                "runs": int(values.size),
            }


def panel(comparison: Comparison, rows: list[dict[str, Any]], title: str, dataset: str) -> Any:
    """One kind of curve on one data set, a colour for every value."""
    frame = pd.DataFrame(rows)
    is_loss = title.endswith("loss")
    if is_loss:
        # A logarithmic axis has no place for zero, which a loss may reach.
        frame = frame.assign(**frame[["low", "median", "high"]].clip(lower=LOWEST_LOSS))
    scale = alt.Scale(type="log") if is_loss else alt.Scale(zero=False)
    axis = figures.LOG_AXIS if is_loss else figures.axis_of(title.rpartition(" ")[2])
    toggle = figures.legend_toggle("value")
    base = figures.chart(frame).encode(
        x=alt.X("epoch:Q", title="epoch"),
        color=figures.colours(comparison.drawn, comparison.compare),
    )
    y_title = f"{title} (log)" if is_loss else title
    area = base.mark_area().encode(
        y=alt.Y("low:Q", title=y_title, scale=scale, axis=axis),
        y2="high:Q",
        opacity=figures.shown_if(toggle, 0.15, 0.03),
    )
    line = base.mark_line(strokeWidth=1.8).encode(
        y=alt.Y("median:Q", title=y_title, scale=scale, axis=axis), opacity=figures.shown_if(toggle)
    )
    handles = base.properties(mark=figures.HANDLE).encode(
        y=alt.Y("median:Q", title=y_title, scale=scale, axis=axis),
        tooltip=[alt.Tooltip("value:N", title=comparison.compare), "epoch:Q", "runs:Q",
                 *(alt.Tooltip(f"{name}:Q", format=".4~g") for name in ("median", "low", "high"))],
    )  # fmt: skip
    return alt.layer(area, line, handles).add_params(toggle).properties(title=f"{dataset}: {title}")
