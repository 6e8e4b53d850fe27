"""The benefit of a larger tuning budget, and where it changes which value is best."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.formatting import metric_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Cell, Number, setting_cell
from nnbench.report.analysis.best_of_k import Course, Lead, courses, leads
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.axis_and_colour import side_by_side
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.across_datasets import value_names
from nnbench.report.text.comparison import undrawn_values_text, varied_text

MANY = 12
"""Settings beyond which the axis is logarithmic."""


def make(findings: Findings) -> Section | None:
    """The expected score of the best of k settings, a line for every value, and who leads."""
    comparison = side_by_side(findings.comparison)
    budget_curves = {name: courses(comparison, name) for name in comparison.datasets}
    budget_curves = {name: of_data for name, of_data in budget_curves.items() if of_data}
    if not budget_curves:
        return None
    text = [
        "How good a value looks depends on how many settings were tried for it. This section "
        f"estimates the score with fewer: k of the settings of {varied_text(comparison)} are drawn "
        "without replacement, and the one with the best validation score is kept. Every seed "
        "chooses for itself, as with a single split. In the verdicts all seeds choose together, "
        "which may favour another value."
    ]
    stretches = {name: list(leads(of_data)) for name, of_data in budget_curves.items()}
    text += [
        leader
        for name, of_data in stretches.items()
        if (leader := flips(comparison, name, of_data))
    ]
    panels = [panel(comparison, of_data, name) for name, of_data in budget_curves.items()
              if any(curve.group.value in comparison.drawn for curve in of_data)]  # fmt: skip
    drawn = any(np.isfinite(line.low).any() for lines in budget_curves.values() for line in lines)
    band = ", with its 95% confidence band" if drawn else ""
    caption = (
        "Expected test score of the setting with the best validation score among k tried "
        "(Dodge et al. 2019; unbiased estimator of Tang et al. 2020): mean over seeds"
        f"{band}. A run that diverged or failed counts as the worst score of any run on the data "
        "set." + undrawn_values_text(comparison)
    )
    charts = [figures.Figure("best-of-k", caption, panels)] if panels else []
    tables = [table(comparison, budget_curves, stretches)] if any(stretches.values()) else []
    return Section("best-of-k", "What more tuning buys", text, tables=tables, figures=charts)


def flips(comparison: Comparison, dataset: str, stretches: Sequence[Lead]) -> str:
    """The changes of the best value along the number of settings; empty if there is one value."""
    if not stretches:
        return ""
    last, others = stretches[-1].last, len(comparison.of(dataset)) - 1
    if len(stretches) == 1:
        (lead,) = stretches
        return (
            f"On {dataset}, {comparison.named(lead.value)} leads with any number of settings up to "
            f"{last}{level_text(lead, others, comparison)}."
        )
    parts = [
        f"{value_names([stretch.value], comparison)} at {span(stretch)}"
        f"{level_text(stretch, others, comparison)}"
        for stretch in stretches[:MANY]
    ]
    more = ", …" if len(stretches) > MANY else ""
    return f"On {dataset}, the lead changes with the number of settings: {'; '.join(parts)}{more}."


def span(lead: Lead) -> str:
    """Its numbers of settings."""
    return f"{lead.first}" if lead.first == lead.last else f"{lead.first} to {lead.last}"


def level_text(lead: Lead, others: int, comparison: Comparison) -> str:
    """Beside which of so many that is not sure; begins with a space, or is empty."""
    if not lead.level:
        return ""
    if len(lead.level) == others:
        return " (its band overlaps all others)"
    bands = "that" if len(lead.level) == 1 else "those"
    return f" (its band overlaps {bands} of {value_names(lead.level, comparison)})"


def table(
    comparison: Comparison,
    budget_curves: dict[str, list[Course]],
    stretches: dict[str, list[Lead]],
) -> Table:
    """A row for every stretch of one leader; the file has every line's points."""
    rows: list[list[Cell]] = []
    for dataset, of_data in stretches.items():
        lines = {curve.group.value: curve for curve in budget_curves[dataset]}
        for lead in of_data:
            line = lines[lead.value]
            metric = line.group.metric
            ends = [metric_text(metric.name, line.mean[at - 1]) for at in (lead.first, lead.last)]
            rows.append(
                [
                    dataset,
                    Number(span(lead), lead.first),
                    setting_cell(lead.value),
                    Number(" to ".join(dict.fromkeys(ends)), line.mean[lead.first - 1]),
                    value_names(lead.level, comparison) if lead.level else "—",
                ]
            )
    data = pd.concat(
        [points(curve).assign(dataset=dataset) for dataset, of_data in budget_curves.items()
         for curve in of_data]
    )  # fmt: skip
    columns = ["Data set", "Settings tried", "Best value", "Test", "Band overlaps with"]
    notes = [
        "The best value by the number of settings to choose from. Where bands overlap, the lead "
        "may be chance. The file has the points of all lines."
    ]
    return Table("best-of-k", columns, rows, data, notes, folded=len(rows) > 12)


def points(course: Course) -> pd.DataFrame:
    """A row for each number of settings."""
    return pd.DataFrame(
        {
            "value": setting_text(course.group.value),
            "settings": np.arange(1, len(course.mean) + 1),
            "mean": course.mean,
            "low": course.low,
            "high": course.high,
            "seeds": course.seeds,
        }
    )


def panel(comparison: Comparison, budget_curves: Sequence[Course], dataset: str) -> Any:
    """The lines of one data set."""
    metric = budget_curves[0].group.metric
    drawn = [curve for curve in budget_curves if curve.group.value in comparison.drawn]
    rows = pd.concat([points(curve) for curve in drawn])
    rows["low"], rows["high"] = (rows[end].fillna(rows["mean"]) for end in ("low", "high"))
    toggle = figures.legend_toggle("value")
    most = int(rows["settings"].max())
    if most > MANY:
        title, spread = "settings tried (log)", alt.Scale(type="log", nice=False)
        places = alt.Axis(format="d", tickCount=5)
    else:
        title, spread = "settings tried", alt.Scale(nice=False, zero=False)
        places = alt.Axis(format="d", values=list(range(1, most + 1)))
    place = alt.X("settings:Q", title=title, scale=spread, axis=places)
    axis, scale = figures.axis_of(metric.name), alt.Scale(zero=False)
    form = metric.form
    title = f"test {metric.title}"
    base = figures.chart(rows).encode(
        x=place, color=figures.colours(comparison.drawn, comparison.compare)
    )
    area = base.mark_area().encode(
        y=alt.Y("low:Q", title=title, axis=axis, scale=scale),
        y2="high:Q",
        opacity=figures.shown_if(toggle, 0.13, 0.03),
    )
    at = alt.Y("mean:Q", title=title, axis=axis, scale=scale)
    line = base.mark_line(strokeWidth=1.8).encode(y=at, opacity=figures.shown_if(toggle))
    handles = base.properties(mark=figures.HANDLE).encode(
        y=at,
        tooltip=[alt.Tooltip("value:N", title=comparison.compare), "settings:Q",
                 *(alt.Tooltip(f"{name}:Q", format=form) for name in ("mean", "low", "high"))],
    )  # fmt: skip
    return alt.layer(area, line, handles).add_params(toggle).properties(title=dataset)
