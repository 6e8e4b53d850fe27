"""How the gradient reaches each layer: whether it vanishes or explodes with depth."""

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.record import History
from nnbench.report import figures
from nnbench.report.question import Question
from nnbench.report.section import Section
from nnbench.report.select import Comparison, Group
from nnbench.report.wording import setting_text

MOMENTS = {"after the first epoch": 1, "after the last epoch": -1}
"""Heading of a panel → position in the history."""


def make(
    comparison: Comparison, question: Question, histories: Mapping[str, History]
) -> Section | None:
    """The gradient's norm by layer and value, at the first and the last epoch."""
    panels = []
    for dataset in comparison.datasets:
        norms = [
            (group, layers, norms)
            for group in comparison.of(dataset)
            for layers, norms in [norms_of(group, histories)]
            if norms
        ]
        for moment, position in MOMENTS.items():
            rows = [row for found in norms for row in medians(*found, position)]
            if rows:
                panels.append(panel(comparison, question.compare, rows, f"{dataset}: {moment}"))
    if not panels:
        return None
    text = (
        "Where the line falls steeply towards the input, the gradient vanishes on its way back and "
        "early layers hardly learn; where it rises, it explodes."
    )
    caption = (
        "Norm of the gradient of each layer's weights and biases in the epoch's last whole batch, "
        "median over runs; one of exactly 0 has no place on the axis. Layer 1 is next to the "
        "input; the last is the output layer."
    )
    figure = figures.Figure("gradients", caption, panels, panels_a_row=len(MOMENTS))
    return Section("gradients", "Gradients by layer", [text], figures=[figure])


def norms_of(group: Group, histories: Mapping[str, History]) -> tuple[tuple[str, ...], list[Array]]:
    """Names of the layers, and for each run of the group the norms (epochs, layers)."""
    layers: tuple[str, ...] = ()
    found = []
    for run_id in group.runs["run_id"]:
        try:
            history = histories[run_id]
        except KeyError:
            continue
        # A run that diverged at once has no epoch to show.
        if len(history.gradient_norms) > 1 and layers in ((), history.layers):
            layers = history.layers
            found.append(history.gradient_norms)
    return layers, found


def medians(
    group: Group, layers: tuple[str, ...], norms: list[Array], position: int
) -> Iterator[dict[str, Any]]:
    """The median norm of every layer over the runs, at one moment."""
    table = np.array([run[position] for run in norms])
    for index, layer in enumerate(layers):
        values = table[:, index][np.isfinite(table[:, index])]
        if values.size and np.median(values) > 0:
            yield {
                "value": setting_text(group.value),
                "layer": index + 1,
                "name": layer,
                "norm": float(np.median(values)),
                "runs": int(values.size),
            }


def panel(comparison: Comparison, compare: str, rows: list[dict[str, Any]], title: str) -> Any:
    """Norm against layer, a line for every value."""
    toggle = figures.legend_toggle("value")
    log = alt.Scale(type="log")
    return (
        figures.chart(pd.DataFrame(rows))
        .mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=1.8)
        .encode(
            x=alt.X("layer:O", title="layer, from the input", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("norm:Q", title="gradient norm (log)", scale=log, axis=figures.LOG_AXIS),
            color=figures.colours(comparison.values, compare),
            opacity=figures.shown_if(toggle),
            tooltip=[alt.Tooltip("value:N", title=compare), "name:N",
                     alt.Tooltip("norm:Q", format=".3~g"), "runs:Q"],
        )
        .add_params(toggle)
        .properties(title=title)
    )  # fmt: skip
