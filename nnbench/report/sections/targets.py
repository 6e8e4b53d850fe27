"""Time to target: how soon a good score is reached, and which value is fastest how often."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.formatting import count_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import count_cell, metric_cell, setting_cell, share_cell
from nnbench.report.analysis.costs import TITLES
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.time_to_target import UNITS, ratios, solved, times
from nnbench.report.compare.comparison import Comparison
from nnbench.report.sections.cost import cost_cell
from nnbench.report.statistics import median_time
from nnbench.report.text.comparison import COST_NOTE, undrawn_values_text

POINTS = 60
"""Most points of a line of a performance profile."""
PROFILES = ("steps", "flops")
WITHIN = (1.0, 2.0)
"""Factors of the fastest that the table has."""


def make(findings: Findings) -> Section | None:
    """A row for every group, and performance profiles over all data sets and seeds."""
    comparison = findings.comparison
    by_run = times(findings)
    if not np.isfinite(by_run["epochs"].where(by_run["target"].notna())).any():
        return None
    by_run["value"] = by_run["group"].map(
        lambda place: comparison.values.index(comparison.groups[place].value)
    )
    budget = findings.question.budget
    units = [*PROFILES, *(unit for unit in UNITS if unit == budget and unit not in PROFILES)]
    solvable = by_run[~by_run["dataset"].isin(comparison.lost)]
    profiles = {unit: ratios(solvable, comparison.values, unit) for unit in units}
    profiles = {unit: table for unit, table in profiles.items() if has_profile(table)}
    tables = [times_table(comparison, by_run)]
    if profiles:
        tables.append(profile_table(comparison, profiles))
    charts = [figure(comparison, profiles)] if profiles else []
    return Section(
        "targets", "Time to target", (text(findings, profiles),), tables=tables, figures=charts
    )


def has_profile(table: pd.DataFrame) -> bool:
    """True if there is anything to compare, and to draw."""
    return table.shape[1] > 1 and bool(np.isfinite(table.to_numpy()).any())


def text(findings: Findings, profiles: dict[str, pd.DataFrame]) -> str:
    """The target and the problems, in words."""
    asked = findings.question.target
    target = (
        f"The target is the requested validation score, {setting_text(asked)}. "
        if asked is not None
        else "The target of a data set is the validation score that half of its compared runs "
        "reach. "
    )
    never = "A run that diverged or failed never reaches it. "
    if not profiles:
        return target + never
    count = len(next(iter(profiles.values())))
    return (
        f"{target}{never}A performance profile (Dolan & Moré 2002) shows the share of problems "
        f"that a value solves within a factor of the fastest value's time. A problem is one of "
        f"{count_text(count, 'pair')} of a data set and a seed that all values share."
    )


def times_table(comparison: Comparison, by_run: pd.DataFrame) -> Table:
    """Medians of the time to target and the share of runs that reach it, by group."""
    columns = ["Data set", *comparison.keys, "Target", "Runs", "Reached"]
    columns += ["Epochs", "Steps", "Multiply-adds", "Seconds"]
    rows, data = [], []
    for place, of_group in by_run.groupby("group"):
        group = comparison.groups[int(str(place))]
        target = float(of_group["target"].iloc[0])
        reached = float(np.isfinite(of_group["epochs"]).mean())
        middle = of_group[list(UNITS)].apply(known_median)
        rows.append(
            [
                group.dataset,
                *map(setting_cell, comparison.columns_of(group.value).values()),
                metric_cell(group.metric.name, target),
                count_cell(len(of_group)),
                share_cell(reached),
                *(cost_cell(middle[unit]) for unit in UNITS),
            ]
        )
        data.append(
            {
                "dataset": group.dataset,
                **comparison.columns_of(group.value),
                "metric": group.metric.name,
                "target": target,
                "runs": len(of_group),
                "reached": reached,
                **{unit: middle[unit] for unit in UNITS},
            }
        )
    notes = [
        "Median over all runs at the chosen settings, up to the first epoch whose validation score "
        "is at the target; if exactly half reach it, the slowest of those. The score is taken once "
        f"an epoch. {COST_NOTE}"
    ]
    return Table("targets", columns, rows, pd.DataFrame(data), notes)


def known_median(times: pd.Series) -> float:
    """The median time; NaN if that of any run which reached the target isn't known."""
    return median_time(times) if times.notna().all() else np.nan


def profile_table(comparison: Comparison, profiles: dict[str, pd.DataFrame]) -> Table:
    """Share of problems that each value solves first, within twice the time, and at all."""
    columns, rows, data = [*comparison.keys], [], []
    for unit in profiles:
        columns += [f"Fastest ({unit})", f"Within twice ({unit})"]
    columns.append("Solved")
    for place, value in enumerate(comparison.values):
        shares = {
            (unit, factor): solved(table[place], factor)
            for unit, table in profiles.items()
            for factor in WITHIN
        }
        ever = float(np.isfinite(next(iter(profiles.values()))[place]).mean())
        settings = comparison.columns_of(value)
        rows.append(
            [*map(setting_cell, settings.values()), *map(share_cell, (*shares.values(), ever))]
        )
        data.append(
            {
                **settings,
                **{f"{unit}_within_{factor:g}": s for (unit, factor), s in shares.items()},
                "ever": ever,
            }
        )
    notes = ["Shares of problems. Fastest: no other value is faster, so several may be."]
    return Table("profiles", columns, rows, pd.DataFrame(data), notes)


def figure(comparison: Comparison, profiles: dict[str, pd.DataFrame]) -> figures.Figure:
    """A panel for each unit."""
    caption = (
        "Share of problems that a value solves within a factor of the fastest value's time. The "
        "left end shows how often it is the fastest, the right end how often it reaches the target."
        + undrawn_values_text(comparison)
    )
    panels = [panel(comparison, table, unit) for unit, table in profiles.items()]
    return figures.Figure("profiles", caption, panels)


def panel(comparison: Comparison, table: pd.DataFrame, unit: str) -> Any:
    """The share of problems solved against the factor, a line for every value."""
    finite = table.to_numpy()[np.isfinite(table.to_numpy())]
    # A little further than the last step, and never an axis without a length.
    factors = np.geomspace(1, max(1.1 * float(finite.max()), 2.0), POINTS)
    rows = [
        (setting_text(value), factor, solved(table[comparison.values.index(value)], factor))
        for value in comparison.drawn
        for factor in factors
    ]
    toggle = figures.legend_toggle("value")
    return (
        figures.chart(pd.DataFrame(rows, columns=["value", "factor", "share"]))
        .mark_line(strokeWidth=1.8, interpolate="step-after")
        .encode(
            x=alt.X(
                "factor:Q", title="multiple of the fastest (log)",
                scale=alt.Scale(type="log", nice=False), axis=alt.Axis(tickCount=4, format="~g"),
            ),
            y=alt.Y("share:Q", title="share of problems", scale=alt.Scale(domain=[0, 1]),
                    axis=alt.Axis(format="%")),
            color=figures.colours(comparison.drawn, comparison.compare),
            opacity=figures.shown_if(toggle),
            tooltip=[alt.Tooltip("value:N", title=comparison.compare),
                     alt.Tooltip("factor:Q", format=".3~g"),
                     alt.Tooltip("share:Q", format=".0%")],
        )
        .add_params(toggle)
        .properties(title=TITLES[unit])
    )  # fmt: skip
