"""The cost of training beside the score that it reaches."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.formatting import count_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Number, count_cell, metric_cell, setting_cell
from nnbench.report.analysis.costs import TITLES, trained_alone
from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.text.comparison import COST_NOTE, undrawn_values_text
from nnbench.report.text.numbers import cost_text

COLUMNS = ("params", "epochs", "steps", "flops", "seconds")

TELLING = ("flops", "steps", "seconds")
"""Costs of which one is drawn, unless another was asked for."""

SAME_COST = 1.1
"""Times as much as the least, up to which two cost the same."""


def make(findings: Findings) -> Section | None:
    """A row of medians for every group, and the metric against the budget that was asked for."""
    comparison = findings.comparison
    rows = table(findings)
    if rows is None:
        return None
    budget = findings.question.budget or telling_budget(rows.data)
    panels = [
        panel(comparison, of_data, dataset, budget)
        for dataset in comparison.datasets
        if len(of_data := points(findings, dataset, budget)) > 1
    ]
    caption = (
        f"Median test score against median {TITLES[budget]}; runs that diverged or failed count as "
        "the worst. Better is up and to the left, or down for losses and errors."
        + undrawn_values_text(comparison)
    )
    charts = [figures.Figure("cost", caption, panels)] if panels else []
    return Section("cost", "Cost", tables=[rows], figures=charts)


def telling_budget(spent: pd.DataFrame) -> str:
    """The first kind of cost in which the groups of a data set differ, of those that are known."""
    of_data = spent.groupby("dataset")[list(TELLING)]
    differs = (of_data.max() > SAME_COST * of_data.min()).any()
    tracked = [budget for budget in TELLING if spent[budget].notna().any()] or TELLING[:1]
    return next((budget for budget in tracked if differs[budget]), tracked[-1])


def medians(findings: Findings, group: Group) -> pd.Series:
    """The median cost of the group's runs that finished, by budget."""
    return findings.costs_of(group)[group.runs["status"] == "finished"].median()


def table(findings: Findings) -> Table | None:
    """A row for every group; None if nothing is known."""
    comparison = findings.comparison
    columns = ["Data set", *comparison.keys, "Diverged or failed", "Test (median)", "Parameters"]
    columns += ["Multiply-adds per example", "Epochs", "Steps", "Multiply-adds", "Seconds"]
    rows, data = [], []
    for group in comparison.groups:
        spent, middle = medians(findings, group), group.median("test")
        forward = pd.to_numeric(group.runs.get("n_flops", pd.Series(dtype=float))).median()
        rows.append(
            [
                group.dataset,
                *map(setting_cell, comparison.columns_of(group.value).values()),
                count_cell(group.lost),
                metric_cell(group.metric.name, middle),
                cost_cell(spent["params"]),
                cost_cell(forward),
                *(cost_cell(spent[budget]) for budget in COLUMNS[1:]),
            ]
        )
        data.append(
            {
                "dataset": group.dataset,
                **comparison.columns_of(group.value),
                "lost": group.lost,
                "metric": group.metric.name,
                "test_median": middle,
                "n_flops": forward,
                **{budget: spent[budget] for budget in COLUMNS},
            }
        )
    frame = pd.DataFrame(data)
    if frame[list(COLUMNS)].isna().all(axis=None):
        return None
    notes = [f"Medians over the runs of a group that finished. {COST_NOTE}"]
    notes += together_notes(comparison)
    return Table("cost", columns, rows, frame, notes)


def together_notes(comparison: Comparison) -> list[str]:
    """Sentence on the compared runs whose seconds are left out, if there are any."""
    runs = pd.concat([group.runs for group in comparison.groups])
    runs = runs[runs["status"] == "finished"]
    together = len(runs) - int(trained_alone(runs).sum())
    if not together:
        return []
    return [
        f"Seconds leave out {together:,} of {count_text(len(runs), 'run')}, which trained in a "
        "stack with others or are not known to have trained alone."
    ]


def cost_cell(cost: float) -> Number:
    """A cost as `cost_text` writes it."""
    return Number(cost_text(cost), cost)


def points(findings: Findings, dataset: str, budget: str) -> pd.DataFrame:
    """The cost and the score of each group of a data set, as they are drawn."""
    comparison = findings.comparison
    spending = pd.DataFrame(
        [(setting_text(group.value), medians(findings, group)[budget], group.median("test"),
          group.lost)
         for group in comparison.drawn_of(dataset)],
        columns=["value", "cost", "score", "lost"],
    )  # fmt: skip
    return spending.query("cost > 0 and score.abs() < inf", local_dict={"inf": np.inf})


def panel(comparison: Comparison, spending: pd.DataFrame, dataset: str, budget: str) -> Any:
    """Metric against cost on one data set, a point for every value."""
    metric = comparison.of(dataset)[0].metric
    toggle = figures.legend_toggle("value")
    scale = alt.Scale(type="log", nice=False, padding=20)
    form = metric.form
    return (
        figures.chart(spending)
        .mark_point(filled=True, size=120)
        .encode(
            x=alt.X(
                "cost:Q",
                title=f"{TITLES[budget]} (log)",
                scale=scale,
                axis=alt.Axis(tickCount=4, format="~s"),
            ),
            y=alt.Y(
                "score:Q", title=f"test {metric.title}", axis=figures.axis_of(metric.name),
                scale=alt.Scale(zero=False, nice=False, padding=20),
            ),
            color=figures.colours(comparison.drawn, comparison.compare),
            opacity=figures.shown_if(toggle),
            tooltip=[alt.Tooltip("value:N", title=comparison.compare),
                     alt.Tooltip("cost:Q", title=TITLES[budget], format=".4~s"),
                     alt.Tooltip("score:Q", title=f"test {metric.title}", format=form),
                     alt.Tooltip("lost:Q", title="diverged or failed")],
        )
        .add_params(toggle)
        .properties(title=dataset)
    )  # fmt: skip
