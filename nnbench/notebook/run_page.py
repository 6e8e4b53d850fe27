"""Learning curves and metrics of one run."""

from collections.abc import Iterator
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import Page, Section, Table, figures, palette
from nnbench.pages.formatting import METRIC_NAMES, count_text, setting_text
from nnbench.pages.table_cells import Cell, metric_cell
from nnbench.run.metrics import METRICS
from nnbench.run.result import RunResult
from nnbench.safety.sanitize import in_line

POINTS = 200
"""Epochs that are drawn of a curve, at most."""

LOWEST_LOSS = 1e-8
"""Lower losses are drawn here: a logarithmic axis has no place for zero."""

NAMED = ("dataset", "model", "depth", "width", "optimizer", "lr", "seed")
"""Settings that name a run."""

SETS = {"training": "best_train_", "validation": "best_validation_", "test": "test_"}
"""Set → prefix of its metrics at the best epoch."""

LEGEND = alt.Legend(symbolType="stroke", symbolOpacity=1)

COLOURS = alt.Scale(domain=["training", "validation"], range=[palette.BLUE, palette.AMBER])


def plot(result: RunResult) -> alt.HConcatChart:
    """Learning curves beside each other. Raises ValueError for a run that left none."""
    panels = panels_of(result)
    if not panels:
        reason = f": {in_line(result.reason)}" if result.reason else ""
        raise ValueError(f"this run ({result.status}) left no curves{reason}")
    size = {"width": figures.PANEL_WIDTH, "height": figures.PANEL_HEIGHT}
    return alt.hconcat(*(panel.properties(**size) for panel in panels)).properties(
        title=run_title(result)
    )


def run_page(result: RunResult) -> Page:
    """The metrics of each set at the best epoch, and the learning curves."""
    panels = panels_of(result)
    caption = "Training and validation set by epoch; a dashed line at the best epoch."
    curves = [figures.Figure("curves", caption, panels)] if panels else []
    tables = [metrics_table(result)] if "best_epoch" in result.final else []
    trouble = f"{result.status}: {result.reason}" if result.reason else ""
    return Page(
        title=run_title(result),
        subject="",
        sentences=[trouble] if trouble else [],
        sections=[Section("run", "Run", tables=tables, figures=curves, page="answer")],
        origin="",
        command="",
    )


def run_title(result: RunResult) -> str:
    """The settings that name a run, as they are typed."""
    settings = result.config.flat()
    return in_line(", ".join(f"{key}={setting_text(settings[key])}" for key in NAMED))


def metrics_table(result: RunResult) -> Table:
    """A row for each set, a column for each metric."""
    final = result.final
    names = [name for name in METRICS if any(f"{own}{name}" in final for own in SETS.values())]
    metrics = {
        of_set: {name: final.get(f"{prefix}{name}", np.nan) for name in names}
        for of_set, prefix in SETS.items()
    }
    rows: list[list[Cell]] = [
        [of_set, *(metric_cell(name, value) for name, value in values.items())]
        for of_set, values in metrics.items()
    ]
    columns = ["Set", *(METRIC_NAMES[name][0].upper() + METRIC_NAMES[name][1:] for name in names)]
    note = (
        f"At the best epoch, {final['best_epoch']:.0f} of {result.config.epochs}; "
        f"{count_text(int(final['n_params']), 'parameter')}."
    )
    return Table("metrics", columns, rows, pd.DataFrame(metrics).T, notes=[note])


def panels_of(result: RunResult) -> list[Any]:
    """A chart of the loss and one of the metric, of those that the run has."""
    names = ("loss", *(name for name in METRICS if name in ("accuracy", "r2")))
    drawn = ((name, pd.DataFrame(list(points(result, name)))) for name in names)
    return [panel(result, name, frame) for name, frame in drawn if len(frame)]


def points(result: RunResult, name: str) -> Iterator[dict[str, Any]]:
    """The finite values of a metric by epoch, of the training and the validation set."""
    if result.history is None:
        return
    last = len(result.history.epochs) - 1
    drawn = np.unique(np.linspace(0, last, POINTS).round().astype(int))
    for of_set, key in (("training", "train"), ("validation", "validation")):
        curve = result.history.curves.get(f"{key}_{name}", ())
        for place in drawn[drawn < len(curve)]:
            if np.isfinite(curve[place]):
                epoch = int(result.history.epochs[place])
                yield {"epoch": epoch, "set": of_set, name: float(curve[place])}


def panel(result: RunResult, name: str, frame: pd.DataFrame) -> Any:
    """The curves of one metric, a colour for each set, with a line at the best epoch."""
    is_loss = name == "loss"
    if is_loss:
        frame = frame.assign(loss=frame["loss"].clip(lower=LOWEST_LOSS))
    title = METRIC_NAMES[name]
    y = alt.Y(
        f"{name}:Q",
        title=f"{title} (log)" if is_loss else title,
        scale=alt.Scale(type="log") if is_loss else alt.Scale(zero=False),
        axis=figures.LOG_AXIS if is_loss else figures.axis_of(name),
    )
    base = figures.chart(frame).encode(
        x=alt.X("epoch:Q", title="epoch"),
        y=y,
        color=alt.Color("set:N", title="set", scale=COLOURS, legend=LEGEND),
    )
    hint = ["set:N", "epoch:Q", alt.Tooltip(f"{name}:Q", title=title, format=".4~g")]
    layers = [
        base.mark_line(strokeWidth=1.8),
        base.properties(mark=figures.HANDLE).encode(tooltip=hint),
    ]
    if "best_epoch" in result.final:
        best = figures.chart(pd.DataFrame({"epoch": [result.final["best_epoch"]]}))
        rule = best.mark_rule(strokeDash=[4, 3], color=palette.GREY).encode(x="epoch:Q")
        layers.insert(0, rule)
    return alt.layer(*layers)
