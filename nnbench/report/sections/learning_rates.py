"""At which learning rates each value trains, where several were tried."""

from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.section import Section
from nnbench.pages.wording import setting_text
from nnbench.report.findings import Findings
from nnbench.report.groups import Comparison


def make(findings: Findings) -> Section | None:
    """Validation metric against learning rate; the chosen rates stand out."""
    comparison = findings.comparison
    if "lr" not in comparison.nuisances:
        return None
    panels = [
        panel(comparison, rows, dataset)
        for dataset in comparison.datasets
        if not (rows := means(comparison, dataset)).empty
    ]
    if not panels:
        return None
    text = (
        "Too small a rate does not get far, too large a one diverges, and which is right depends "
        f"on {comparison.compare}. So each has its own, chosen on the validation part."
    )
    if any(group.along for group in comparison.groups):
        text += " Other settings varied along with it, so that neighbours differ in more than that."
    caption = (
        "Mean over seeds of the validation figure at the best epoch, at the best setting of "
        "whatever else varied. Large points are the chosen rates. A rate at which any run was lost "
        "is left out." + comparison.undrawn_text
    )
    figure = figures.Figure("learning-rates", caption, panels)
    return Section("learning-rates", "Learning rates", [text], figures=[figure])


def means(comparison: Comparison, dataset: str) -> pd.DataFrame:
    """The best mean of every value and learning rate, on the validation part."""
    others = [key for key in comparison.nuisances if key != "lr"]
    tables = []
    for group in comparison.drawn_of(dataset):
        objective = f"best_validation_{group.metric.name}"
        if objective not in group.tried:
            continue
        runs = group.tried.assign(lost=group.tried["status"] != "finished")
        settings = runs.groupby(["lr", *others], dropna=False).agg(
            mean=(objective, "mean"), lost=("lost", "any")
        )
        whole = group.metric.sign * settings.loc[~settings["lost"], "mean"]
        best = group.metric.sign * whole.groupby("lr").max().dropna()
        tables.append(
            pd.DataFrame(
                {
                    "value": setting_text(group.value),
                    "lr": best.index,
                    "mean": best.to_numpy(),
                    "chosen": [lr in group.chosen["lr"] for lr in best.index],
                }
            )
        )
    return pd.concat(tables) if tables else pd.DataFrame()


def panel(comparison: Comparison, rows: pd.DataFrame, dataset: str) -> Any:
    """Metric against learning rate on one data set, a line for every value."""
    metric = comparison.of(dataset)[0].metric
    axis = figures.axis_of(metric.name)
    toggle = figures.legend_toggle("value")
    base = figures.chart(rows).encode(
        x=alt.X(
            "lr:Q",
            title="learning rate (log)",
            scale=alt.Scale(type="log"),
            axis=alt.Axis(tickCount=5, format="~g"),
        ),
        y=alt.Y(
            "mean:Q", title=f"validation {metric.title}", axis=axis, scale=alt.Scale(zero=False)
        ),
        color=figures.colours(comparison.drawn, comparison.compare),
        opacity=figures.shown_if(toggle),
    )
    dots = base.mark_point(filled=True).encode(
        size=alt.condition("datum.chosen", alt.value(140), alt.value(35)),
        tooltip=[alt.Tooltip("value:N", title=comparison.compare), alt.Tooltip("lr:Q", format="g"),
                 alt.Tooltip("mean:Q", format=".4~g"), "chosen:N"],
    )  # fmt: skip
    line = base.mark_line(strokeWidth=1.8)
    return alt.layer(line, dots).add_params(toggle).properties(title=dataset)
