"""Linear probes of each layer, and the effective rank of its outputs."""

from typing import Any

import altair as alt
import pandas as pd

from nnbench.inspection.examination import Inspection
from nnbench.inspection.outputs import MOST
from nnbench.pages import Section, Table, palette
from nnbench.pages.figures import Figure, axis_of, chart
from nnbench.pages.formatting import METRIC_NAMES, metric_text
from nnbench.pages.table_cells import Cell, Number, count_cell, metric_cell


def make(inspection: Inspection) -> Section:
    """Scores of linear probes and effective ranks by layer, as a table and a chart."""
    metric = inspection.metric
    name = METRIC_NAMES[metric]
    rows: list[list[Cell]] = [
        [
            layer.title,
            count_cell(layer.numbers),
            count_cell(layer.varying),
            metric_cell(metric, layer.train_score),
            metric_cell(metric, layer.validation_score),
            Number(f"{layer.effective_rank:.2f}", layer.effective_rank),
        ]
        for layer in inspection.layers
    ]
    table = Table(
        name="layers",
        columns=("layer", "outputs", "of them varying", f"probe, training ({name})",
                 f"probe, validation ({name})", "effective rank"),
        rows=rows,
        data=pd.DataFrame(
            [
                {
                    "layer": layer.name, "numbers": layer.numbers, "varying": layer.varying,
                    f"probe_train_{metric}": layer.train_score,
                    f"probe_validation_{metric}": layer.validation_score,
                    "effective_rank": layer.effective_rank,
                }
                for layer in inspection.layers
            ]
        ),
        notes=notes(inspection),
    )  # fmt: skip
    text = (
        "If layers build complex features from simple ones, the score of a linear probe rises from "
        "layer to layer, until the last hidden layer's is close to the network's own.",
    )
    charts = [scores_chart(inspection), ranks_chart(inspection)]
    caption = (
        f"Left: {name} of a linear probe of each layer; the dashed line is the network's own. "
        "Right: the effective rank of each layer's outputs."
    )
    figure = Figure("probes", caption, charts, panels_a_row=2, clickable=False)
    return Section(
        "layers",
        "What a linear model reads from each layer",
        text,
        tables=[table],
        figures=[figure],
    )


def notes(inspection: Inspection) -> list[str]:
    """Notes on reading the table."""
    lines = [f"Network: {metric_text(inspection.metric, inspection.own_score)}."]
    if inspection.metric == "accuracy":
        share = 100 / len(inspection.validation)
        lines.append(f"One example of the validation set counts {share:.2f} percentage points.")
    averaged = [layer.title for layer in inspection.layers if layer.averaged]
    if averaged:
        lines.append(
            f"{', '.join(averaged).capitalize()}, with more than {MOST:,} outputs: the mean of "
            "each channel over all places."
        )
    stopped = [layer.title for layer in inspection.layers if not layer.probe.converged]
    if stopped:
        lines.append(f"The probe of {', '.join(stopped)} was stopped before it had converged.")
    return lines


def layer_axis(inspection: Inspection) -> Any:
    """The layers from the input on."""
    names = [layer.name for layer in inspection.layers]
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    return alt.X("layer:O", sort=names, title="layer", axis=axis)


def scores_chart(inspection: Inspection) -> Any:
    """The score of the probes by layer, on training and validation set, beside the network's."""
    metric, name = inspection.metric, METRIC_NAMES[inspection.metric]
    frame = pd.DataFrame(
        [
            {"layer": layer.name, "subset": subset, "score": score}
            for layer in inspection.layers
            for subset, score in (
                ("training", layer.train_score),
                ("validation", layer.validation_score),
            )
        ]
    )
    lines = ["training", "validation", "the network, validation"]
    colour = alt.Color(
        "subset:N", title="", sort=lines, scale=alt.Scale(domain=lines, range=palette.unordered(3)),
        legend=alt.Legend(symbolOpacity=1, columns=2, labelLimit=220),
    )  # fmt: skip
    y = alt.Y("score:Q", title=name, axis=axis_of(metric), scale=alt.Scale(zero=False))
    form = ".1%" if metric == "accuracy" else ".3f"
    tooltip = [
        "layer:O",
        alt.Tooltip("subset:N", title="set"),
        alt.Tooltip("score:Q", title=name, format=form),
    ]
    probes = (
        chart(frame)
        .mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=1.8)
        .encode(x=layer_axis(inspection), y=y, color=colour, tooltip=tooltip)
    )
    own = pd.DataFrame([{"score": inspection.own_score, "subset": lines[2]}])
    rule = chart(own).mark_rule(strokeWidth=1.8, strokeDash=[5, 4]).encode(y=y, color=colour)
    return alt.layer(probes, rule).properties(title="linear probes")


def ranks_chart(inspection: Inspection) -> Any:
    """The effective rank by layer."""
    frame = pd.DataFrame(
        [{"layer": layer.name, "rank": layer.effective_rank} for layer in inspection.layers]
    )
    return (
        chart(frame)
        .mark_bar(color=palette.BLUE, opacity=0.75)
        .encode(
            x=layer_axis(inspection),
            y=alt.Y("rank:Q", title="effective rank"),
            tooltip=["layer:O", alt.Tooltip("rank:Q", title="effective rank", format=".2f")],
        )
        .properties(title="directions in use")
    )
