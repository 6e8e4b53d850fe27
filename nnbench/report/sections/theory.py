"""Theory and results by data set: networks that cannot express, or cannot find, a solution."""

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt
import pandas as pd

from nnbench.data.solutions import SOLUTIONS
from nnbench.data.theory import THEORY
from nnbench.pages import figures, palette
from nnbench.pages.formatting import setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import count_cell, metric_cell, setting_cell
from nnbench.report.analysis.depth import by_other
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.lines import lines
from nnbench.report.analysis.theory import SOLVED, Attempt, Standing, attempt, dataset_component
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.comparison import solution_text
from nnbench.report.text.outcome_sentences import sentences_at
from nnbench.report.text.trends import not_worse_text

KEYS = ("depth", "model")
"""Compared keys that theory speaks of."""

MEANINGS = {
    Standing.FOUND: "training and test set are solved",
    Standing.BY_HEART: "the training set is solved, the test set is not",
    Standing.CANNOT_FIND: "a network of this depth and width can be the solution, but training did "
    "not find it",
    Standing.CANNOT_EXPRESS: "no network of this depth and width is the solution",
    Standing.NOT_SOLVED: "not solved, and whether it can be is unknown",
}
COLOURS = (palette.GREEN, palette.SKY, palette.VERMILION, palette.GREY, palette.PINK)


def make(findings: Findings) -> Section | None:
    """Theory and finding of every data set of which there is theory."""
    comparison = findings.comparison
    if not set(KEYS) & set(comparison.keys):
        return None
    points = [(text, "") for name in comparison.datasets for text in beside(findings, name)]
    if not points:
        return None
    tried = attempts(comparison) if "depth" in comparison.keys else []
    if not tried:
        return Section("theory", "Theory and results", points=points)
    outcomes = {result.standing for result in tried}
    caption = (
        "Median training score by depth, coloured by what it shows; a run that diverged or failed "
        f"counts as the worst. The line is {SOLVED:.0%} of what the function itself reaches, from "
        "which a data set counts as solved."
    )
    datasets = dict.fromkeys(result.group.dataset for result in tried)
    panels = [panel(comparison, [result for result in tried if result.group.dataset == name])
              for name in datasets]  # fmt: skip
    text = [
        "For data sets with a hand-built network that solves them, the table separates 'cannot "
        "express' from 'cannot find'.",
        ". ".join(
            f"{standing.value.capitalize()}: {MEANINGS[standing]}"
            for standing in Standing
            if standing in outcomes
        )
        + ".",
    ]
    figure = figures.Figure("theory", caption, [chart for chart in panels if chart is not None])
    return Section(
        "theory",
        "Theory and results",
        text,
        points,
        tables=[table(comparison, tried)],
        figures=[figure] if figure.panels else [],
    )


def beside(findings: Findings, dataset: str) -> Iterator[str]:
    """Theory and finding of one data set in words, if there is theory."""
    comparison = findings.comparison
    data = dataset_component(comparison.of(dataset)[0])
    if data is None or data.target not in THEORY:
        return
    theory = f"Theory of {dataset}: {THEORY[data.target]}"
    if data.target in SOLUTIONS:
        theory += f" {solution_text(data)}.".replace(" b", " B", 1)
    results = []
    if "depth" in comparison.keys:
        for line in lines(comparison, "depth"):
            best = findings.not_worse_of(line) if line.dataset == dataset else None
            results += [not_worse_text(best, line, comparison)] if best else []
    for where, contrasts in findings.places.items():
        if contrasts[0].group.dataset == dataset:
            results += sentences_at(where, contrasts, comparison)
    yield f"{theory} Results: {' '.join(results) if results else 'nothing to compare.'}"


def attempts(comparison: Comparison) -> list[Attempt]:
    """Attempts at data sets with a known solution, by depth."""
    series = (of_other for name in comparison.datasets
              for of_other in by_other(comparison, name).values())  # fmt: skip
    results = (attempt(group) for groups in series for group in groups)
    return [result for result in results if result is not None]


def table(comparison: Comparison, tried: Sequence[Attempt]) -> Table:
    """The result of every depth."""
    columns = [
        "Data set",
        *comparison.keys,
        "Width",
        "Could solve it",
        "Training",
        "Test",
        "Outcome",
    ]
    could = {True: "yes", False: "no", None: "unknown"}
    rows = [
        [
            result.group.dataset,
            *map(setting_cell, comparison.columns_of(result.group.value).values()),
            "—" if result.width is None else count_cell(result.width),
            could[result.can],
            metric_cell(result.group.metric.name, result.train),
            metric_cell(result.group.metric.name, result.test),
            result.standing.value,
        ]
        for result in tried
    ]
    data = pd.DataFrame(
        [{"dataset": result.group.dataset, **comparison.columns_of(result.group.value),
          "width": result.width, "could_solve": could[result.can], "train_median": result.train,
          "test_median": result.test, "attainable": result.attainable,
          "shows": result.standing.value}
         for result in tried]
    )  # fmt: skip
    note = (
        "Medians, with runs that diverged or failed as the worst. Could solve it: whether a "
        "network of this depth and width, of relu units without norm, is known to be the function "
        f"exactly. Solved: at least {SOLVED:.0%} of what the function itself reaches on these data."
    )
    return Table("theory", columns, rows, data, [note])


def panel(comparison: Comparison, tried: Sequence[Attempt]) -> Any:
    """The training score of one data set against depth, coloured by what it shows."""
    metric = tried[0].group.metric
    rows = pd.DataFrame(
        {"value": setting_text(result.group.value), "train": result.train,
         "standing": result.standing.value, "enough": SOLVED * result.attainable}
        for result in tried if result.train > -float("inf")
    )  # fmt: skip
    if rows.empty:
        return None
    order = [setting_text(result.group.value) for result in tried]
    domain = [standing.value for standing in Standing]
    colour = alt.Color(
        "standing:N",
        title="shows",
        scale=alt.Scale(domain=domain, range=list(COLOURS)),
        legend=figures.LEGEND,
    )
    base = figures.chart(rows)
    y = alt.Y(
        "train:Q", title=f"training {metric.title}", axis=figures.axis_of(metric.name),
        scale=alt.Scale(zero=False),
    )  # fmt: skip
    x = alt.X("value:N", title=comparison.compare, sort=order, axis=figures.names_axis(order))
    toggle = figures.legend_toggle("standing")
    dots = base.mark_point(filled=True, size=130).encode(
        x=x, y=y, color=colour, opacity=figures.shown_if(toggle),
        tooltip=[alt.Tooltip("value:N", title=comparison.compare),
                 alt.Tooltip("train:Q", format=metric.form), "standing:N"],
    )  # fmt: skip
    line = base.mark_rule(strokeDash=[4, 4], color=palette.GREY).encode(
        y=alt.Y("mean(enough):Q", title=f"training {metric.title}")
    )
    return alt.layer(line, dots).add_params(toggle).properties(title=tried[0].group.dataset)
