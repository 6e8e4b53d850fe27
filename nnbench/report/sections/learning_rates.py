"""Learning rates: the score at each, and the range of rates that train."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.formatting import is_ordered, setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Number, setting_cell
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.learning_rates import TOLERANCE, Range, means, training_range
from nnbench.report.charts.axis_and_colour import side_by_side
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import ranked
from nnbench.report.text.comparison import undrawn_values_text

SAID = 8
"""Data sets whose largest rate has a sentence; the table has all."""


def make(findings: Findings, tolerance: float = TOLERANCE) -> Section | None:
    """Validation metric against learning rate, and the range of the rates that train.

    A rate trains that comes within `tolerance` of the value's best, of accuracy or R²; of others,
    within that share of it.
    """
    comparison = side_by_side(findings.comparison)
    if "lr" not in comparison.nuisances:
        return None
    by_rate = {group: means(group) for group in comparison.groups}
    panels = [
        panel(comparison, rows, dataset)
        for dataset in comparison.datasets
        if not (rows := rates_of(comparison.drawn_of(dataset), by_rate)).empty
    ]
    if not panels:
        return None
    text = [
        "Too small a learning rate trains slowly, too large a one diverges, and the best one "
        f"depends on {comparison.compare}. Each value therefore has its own, chosen "
        "on the validation set."
    ]
    searched = any(group.along for group in comparison.groups)
    if searched:
        text[0] += (
            " Other settings varied along with it, so neighbouring points differ in those, too."
        )
    else:
        text[0] += " The wider the range of rates that train, the easier a value is to tune."
    caption = (
        "Mean over seeds of the validation score at the best epoch, at the best setting of all "
        "other hyperparameters that varied. Large points are the chosen rates. Rates at which any "
        "run diverged or failed are left out." + undrawn_values_text(comparison)
    )
    drawn, tables = [figures.Figure("learning-rates", caption, panels)], []
    if not searched:
        # A rate of a search has other settings than the next: there is no range.
        ranges = {
            group: training_range(of_group, group.metric, tolerance)
            for group, of_group in by_rate.items()
        }
        text += largest(comparison, ranges)
        tables.append(range_table(comparison, ranges, tolerance))
        if sum(of_group is not None for of_group in ranges.values()) > 1:
            drawn.append(
                figures.Figure(
                    "learning-rate-ranges", range_caption(tolerance), [bars(comparison, ranges)]
                )
            )
    return Section("learning-rates", "Learning rates", text, tables=tables, figures=drawn)


def largest(comparison: Comparison, ranges: Mapping[Group, Range | None]) -> Iterator[str]:
    """The largest rates that train of the first and the last value of an order, in words."""
    if not is_ordered(comparison.values):
        return
    for dataset in comparison.datasets[:SAID]:
        there = sorted(comparison.of(dataset), key=lambda group: ranked(group.value))
        first, last = there[0], there[-1]
        ends = [(group, of_group) for group in (first, last) if (of_group := ranges[group])]
        if first is not last and len(ends) == 2:
            limits = [
                f"{interval.high:g}{' or more' if interval.goes_beyond else ''} at "
                f"{comparison.named(group.value)}"
                for group, interval in ends
            ]
            yield f"On {dataset}, the largest rate that trains is {' and '.join(limits)}."


def rates_of(groups: Sequence[Group], by_rate: Mapping[Group, pd.DataFrame]) -> pd.DataFrame:
    """The best mean validation score of every value and learning rate, if all runs finished."""
    tables = []
    for group in groups:
        best = by_rate[group]["mean"].dropna()
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


def range_caption(tolerance: float) -> str:
    """Explanation of the ranges."""
    return (
        "Decades (powers of ten) between the smallest and the largest rate that trains, all "
        "neighbours of the best one on the grid. A rate trains if every run finished and learnt, "
        f"and the mean validation score is within {tolerance:g} of the best of the same value "
        f"({tolerance:.0%} of it for losses and errors; an R² of no more than that counts as not "
        "learnt). A triangle: at least so many, since the range reaches the end of the grid. 0: a "
        "single rate."
    )


def range_table(
    comparison: Comparison, ranges: Mapping[Group, Range | None], tolerance: float
) -> Table:
    """The range of every data set and value."""
    columns = [
        "Data set",
        *comparison.keys,
        "Best rate",
        "From",
        "To",
        "Decades",
        "Rates that train",
    ]
    rows, data = [], []
    for group, of_group in ranges.items():
        values = comparison.columns_of(group.value)
        row = [group.dataset, *map(setting_cell, values.values())]
        if of_group is None:
            rows.append([*row, "none", "—", "—", "—", Number("0", 0)])
            data.append({"dataset": group.dataset, **values})
            continue
        at_least = "at least " if of_group.is_open else ""
        rows.append(
            [*row, *map(setting_cell, (of_group.best, of_group.low, of_group.high)),
             Number(f"{at_least}{of_group.decades:.1f}", of_group.decades),
             Number(f"{of_group.rates} of {of_group.tried}", of_group.rates)]
        )  # fmt: skip
        data.append(
            {"dataset": group.dataset, **values, "best": of_group.best, "low": of_group.low,
             "high": of_group.high, "decades": of_group.decades, "at_least": of_group.is_open,
             "rates": of_group.rates, "tried": of_group.tried}
        )  # fmt: skip
    note = range_caption(tolerance).partition(" A triangle")[0]
    return Table("learning-rate-ranges", columns, rows, pd.DataFrame(data), [note])


def bars(comparison: Comparison, ranges: Mapping[Group, Range | None]) -> Any:
    """Decades of the range against the value, a bar for every data set."""
    rows = pd.DataFrame(
        {"setting": setting_text(group.value), "value": group.dataset, "decades": interval.decades,
         "end": "at least" if interval.is_open else "exactly",
         "low": interval.low, "high": interval.high}
        for group, interval in ranges.items() if interval is not None
    )  # fmt: skip
    order = [setting_text(value) for value in comparison.values]
    toggle = figures.legend_toggle("value")
    datasets: list[Hashable] = [*comparison.datasets]
    # Room for the marks at the top.
    scale = alt.Scale(domain=[0, 1.1 * max(float(rows["decades"].max()), 0.5)], nice=False)
    axis = alt.Axis(tickMinStep=0.5)
    y = alt.Y("decades:Q", title="decades of learning rate", axis=axis, scale=scale)
    base = figures.chart(rows).encode(
        x=alt.X("setting:N", title=comparison.compare, sort=order, axis=figures.names_axis(order)),
        xOffset=alt.XOffset("value:N", sort=comparison.datasets),
        color=figures.colours(datasets, "data set"),
    )  # fmt: skip
    numbers = (alt.Tooltip(f"{name}:Q", format=".3~g") for name in ("decades", "low", "high"))
    setting = alt.Tooltip("setting:N", title=comparison.compare)
    tooltip = [alt.Tooltip("value:N", title="data set"), setting, "end:N", *numbers]
    rule = base.mark_bar().encode(y=y, opacity=figures.shown_if(toggle, 0.55), tooltip=tooltip)
    shapes = alt.Scale(domain=["exactly", "at least"], range=["circle", "triangle-up"])
    ends = base.mark_point(filled=True, size=60).encode(
        y=y, opacity=figures.shown_if(toggle), tooltip=tooltip,
        shape=alt.Shape("end:N", scale=shapes, legend=None),
    )  # fmt: skip
    return alt.layer(rule, ends).add_params(toggle)


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
                 alt.Tooltip("mean:Q", format=metric.form), "chosen:N"],
    )  # fmt: skip
    line = base.mark_line(strokeWidth=1.8)
    return alt.layer(line, dots).add_params(toggle).properties(title=dataset)
