"""Layer statistics: gradients, updates, outputs and dead units by layer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
from nnbench.training.layer_statistics import weight_layers

LOWEST = 1e-12
"""Lower values are drawn here: none of them differs from zero."""


@dataclass(frozen=True)
class Panel:
    """A statistic of every layer, and which of a run's moments stand for it."""

    statistic: str
    title: str
    y_title: str
    pick: Callable[[Array], Array]
    """(moments, layers) → (layers,)."""
    is_share: bool = False
    """True if zero is among the interesting values."""
    of_outputs: bool = False
    """True if it describes the outputs, after norm and activation, rather than the weights."""


def first(moments: Array) -> Array:
    """The statistics at the first step."""
    return np.asarray(moments[0])


def last(moments: Array) -> Array:
    """The statistics at the last moment."""
    return np.asarray(moments[-1])


def middle(moments: Array) -> Array:
    """The median over the moments: a learning rate may fall to nothing in the end."""
    # Of weights that are all 0 a change has no share.
    return pd.DataFrame(moments).median().to_numpy()


NUMBERS = alt.Axis(labelAngle=0, labelOverlap="parity", labelSeparation=5)
"""Axis on which every second, or fourth, of many layers has its number."""

GRADIENTS = (
    Panel("gradient_norm", "before training", "gradient norm (log)", first),
    Panel("gradient_norm", "at the end of training", "gradient norm (log)", last),
)
LAYERS = (
    Panel("update_ratio", "relative weight update per step", "share (log)", middle),
    Panel(
        "activation_std", "spread of the outputs", "standard deviation (log)", last, of_outputs=True
    ),
    Panel("dead_share", "dead units", "share of units", last, is_share=True, of_outputs=True),
)


def make(findings: Findings) -> Section | None:
    """Gradients at both ends of training, updates and outputs, by layer and value."""
    comparison = side_by_side(findings.comparison, PLACES)
    drawn: dict[tuple[Panel, ...], list[Any]] = {GRADIENTS: [], LAYERS: []}
    for dataset in comparison.datasets:
        # Every file of curves is read once, for all panels.
        histories_by_group = [
            (group, histories_of(group, findings.histories))
            for group in comparison.drawn_of(dataset)
        ]
        for panels, charts in drawn.items():
            for panel in panels:
                rows = [
                    row for group, runs in histories_by_group for row in medians(group, runs, panel)
                ]
                if rows:
                    charts.append(chart(comparison, rows, panel, dataset))
    if not drawn[GRADIENTS] and not drawn[LAYERS]:
        return None
    text = (
        "A gradient that falls steeply towards the input vanishes: early layers hardly learn. One "
        "that rises towards the input explodes.",
        "A step usually changes a layer's weights by about a thousandth of their size. With far "
        "smaller updates the layer hardly changes; with far larger ones it forgets. Outputs whose "
        "spread shrinks from layer to layer carry less and less information about the input. A "
        "dead unit passes no gradient on for any example, so it can't learn.",
    )
    captions = {
        GRADIENTS: "Gradient norm of each layer's weights and biases at the first and at the last "
        "recorded step, median over runs; a norm of exactly 0 is not drawn. "
        "Layer 1 is next to the input, the last is the output layer. Normalization layers count "
        "with the weights before them." + undrawn_values_text(comparison),
        LAYERS: "By layer, medians over runs. Update: the norm of the change in a step divided by "
        "the norm of the weights and biases (median over about ten recorded steps). At the last "
        "recorded step: the standard deviation of the layer's outputs, and the share of units "
        "whose derivative is zero for every example of a batch (up to 64 examples). The last "
        "recorded step is in the last epoch, unless training stopped early.",
    }
    names = {GRADIENTS: "gradients", LAYERS: "layers"}
    layer_figures = [
        figures.Figure(names[panels], captions[panels], charts, panels_a_row=len(panels))
        for panels, charts in drawn.items()
        if charts
    ]
    return Section("layers", "Layer statistics", text, figures=layer_figures)


def histories_of(group: Group, histories: Mapping[str, History]) -> list[History]:
    """The histories of the group's runs with statistics of more than one step.

    Runs that diverged at once have none, nor have those of an engine that kept less.
    """
    with_statistics: list[History] = []
    for run_id in group.runs["run_id"]:
        try:
            history = histories[run_id]
        except KeyError:
            continue
        if len(history.moments) > 1 and history.layers == (with_statistics or [history])[0].layers:
            with_statistics.append(history)
    return with_statistics


def medians(group: Group, runs: list[History], panel: Panel) -> Iterator[dict[str, Any]]:
    """The median of a statistic over the runs of a group, by layer."""
    recorded = [run for run in runs if panel.statistic in run.layer_statistics]
    if not recorded:
        return
    table = np.array([panel.pick(run.layer_statistics[panel.statistic]) for run in recorded])
    for number, (first, *following) in enumerate(weight_layers(recorded[0].layers), start=1):
        places = [*reversed(following), first] if panel.of_outputs else [first]
        columns = (table[np.isfinite(table[:, place]), place] for place in places)
        values = next((column for column in columns if column.size), np.array([]))
        median = float(np.median(values)) if values.size else 0.0
        if values.size and (panel.is_share or median > 0):
            yield {
                "value": setting_text(group.value),
                "layer": number,
                "name": recorded[0].layers[first],
                "statistic": median if panel.is_share else max(median, LOWEST),
                "runs": int(values.size),
            }


def chart(comparison: Comparison, rows: list[dict[str, Any]], panel: Panel, dataset: str) -> Any:
    """A statistic against the layer, a line for every value."""
    toggle = figures.legend_toggle("value")
    scale = alt.Scale(domain=[0, 1]) if panel.is_share else alt.Scale(type="log")
    axis = figures.axis_of("accuracy") if panel.is_share else figures.LOG_AXIS
    form = ".1%" if panel.is_share else ".3~g"
    return (
        figures.chart(pd.DataFrame(rows))
        .mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=1.8)
        .encode(
            x=alt.X("layer:O", title="layer, from the input", axis=NUMBERS),
            y=alt.Y("statistic:Q", title=panel.y_title, scale=scale, axis=axis),
            color=figures.colours(comparison.drawn, comparison.compare),
            opacity=figures.shown_if(toggle),
            tooltip=[alt.Tooltip("value:N", title=comparison.compare), "name:N",
                     alt.Tooltip("statistic:Q", title=panel.title, format=form), "runs:Q"],
        )
        .add_params(toggle)
        .properties(title=f"{dataset}: {panel.title}")
    )  # fmt: skip
