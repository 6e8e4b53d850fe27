"""The comparison itself: a table and a chart."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.section import Section, Table
from nnbench.pages.wording import METRIC_NAMES, metric_text, setting_text
from nnbench.record import History
from nnbench.report import verdict
from nnbench.report.question import Question
from nnbench.report.select import Comparison, Group
from nnbench.report.statistics import estimate, median_with_lost
from nnbench.report.wording import estimate_text, paired_text

PARTS = {"training": "best_train", "validation": "best_validation", "test": "test"}
RANGE = {"accuracy": (0.0, 1.0), "r2": (-np.inf, 1.0)}
"""What each metric can be."""

POINTS_A_GROUP = 40
"""Single runs that are drawn; more would only hide each other."""


def make(comparison: Comparison, question: Question, histories: Mapping[str, History]) -> Section:
    """A row for every data set and value, and the same as a picture."""
    title = "Shallow versus deep" if question.compare == "depth" else "The comparison"
    panels = [
        panel(comparison, question.compare, name)
        for name in comparison.datasets
        if any(group.lost < len(group.runs) for group in comparison.of(name))
    ]
    figure = figures.Figure(
        "metric",
        "Mean over seeds with its 95% interval; faint points are single runs. "
        "All at each run's best validation epoch.",
        panels,
    )
    return Section(
        "comparison", title, tables=[table(comparison)], figures=[figure] if panels else []
    )


def table(comparison: Comparison) -> Table:
    """Runs, size, figures of the three parts, gap and difference, of every group."""
    columns = ["Data set", comparison.compare, *comparison.nuisances]
    # What was drawn together with others has no column of its own, since there may be many.
    together = ["And with it"] if any(group.along for group in comparison.groups) else []
    columns += [*together, "Runs", "Lost", "Parameters"]
    columns += ["Training", "Validation", "Test", "Test − reference", "Gap"]
    rows, data = [], []
    differences = verdict.differences(comparison)
    for group in comparison.groups:
        figures_of = {part: group.figures(column) for part, column in PARTS.items()}
        gap = estimate(figures_of["training"] - figures_of["test"])
        difference = differences.get((group.dataset, group.value))
        parameters = max(group.sizes, default=None)
        rows.append(
            [
                group.dataset,
                setting_text(group.value),
                *(setting_text(value) for value in group.chosen.values()),
                *(along_text(group) for _ in together),
                str(len(group.runs)),
                str(group.lost),
                f"{parameters:,}" if parameters else "—",
                *(figure_text(group, values) for values in figures_of.values()),
                paired_text(group.metric, difference) if difference else "reference",
                paired_text(group.metric, gap),
            ]
        )
        data.append(
            {
                "dataset": group.dataset,
                comparison.compare: group.value,
                **group.chosen,
                **group.along,
                "runs": len(group.runs),
                "lost": group.lost,
                "n_params": parameters,
                "metric": group.metric,
                **{
                    f"{part}_{name}": getattr(estimate(values, within=RANGE[group.metric]), name)
                    for part, values in figures_of.items()
                    for name in ("mean", "low", "high")
                },
                "gap": gap.mean,
                **{
                    f"difference_{name}": getattr(difference, name) if difference else np.nan
                    for name in ("mean", "low", "high")
                },
            }
        )
    return Table("comparison", columns, rows, pd.DataFrame(data), notes(comparison), pinned=1)


def along_text(group: Group) -> str:
    """What varied along with the nuisances, at the chosen setting."""
    return ", ".join(f"{key}={setting_text(value)}" for key, value in group.along.items())


def notes(comparison: Comparison) -> list[str]:
    """How to read the table."""
    said = [
        "Means over seeds with 95% intervals, accuracy in per cent (differences in points), R² as "
        "it is. The difference is taken seed by seed to the first row of the data set; its "
        "intervals hold jointly at 95%. The gap is training minus test."
    ]
    if any(group.lost for group in comparison.groups):
        said.append(
            "Lost runs diverged or failed. A group with lost runs has no mean, which only its "
            "survivors would make: it shows the median (marked ~), with lost runs as the worst."
        )
    return said


def figure_text(group: Group, values: pd.Series) -> str:
    """A mean with its interval, or the median where runs were lost."""
    if group.lost:
        return f"~ {metric_text(group.metric, median_with_lost(values))}"
    return estimate_text(group.metric, estimate(values, within=RANGE[group.metric]))


def panel(comparison: Comparison, compare: str, dataset: str) -> Any:
    """Metric against the compared value, on one data set."""
    groups = comparison.of(dataset)
    metric = groups[0].metric
    order = [setting_text(group.value) for group in groups]
    means, points = [], []
    for group in groups:
        for part, column in PARTS.items():
            values = group.figures(column)
            mean = estimate(values, within=RANGE[metric])
            entry = {"value": setting_text(group.value), "part": part}
            if np.isfinite(mean.mean):
                low, high = (
                    bound if np.isfinite(bound) else mean.mean for bound in (mean.low, mean.high)
                )
                means.append({**entry, "mean": mean.mean, "low": low, "high": high})
            finite = values.dropna().head(POINTS_A_GROUP)
            points += [{**entry, "figure": float(v), "seed": seed} for seed, v in finite.items()]
    colour = alt.Color(
        "part:N",
        title="part",
        sort=list(PARTS),
        legend=figures.LEGEND,
        scale=alt.Scale(domain=list(PARTS), range=["#8a8a8a", "#e69f00", "#0072b2"]),
    )
    toggle = figures.legend_toggle("part")
    x = alt.X("value:N", title=compare, sort=order, axis=figures.names_axis(order))
    offset = alt.XOffset("part:N", sort=list(PARTS))
    axis = figures.axis_of(metric)
    y_title = METRIC_NAMES[metric]
    form = ".2%" if metric == "accuracy" else ".4f"
    scale = alt.Scale(zero=False)
    faint = (
        figures.chart(pd.DataFrame(points, columns=["value", "part", "figure", "seed"]))
        .mark_circle(size=22)
        .encode(
            x=x, xOffset=offset, color=colour,
            y=alt.Y("figure:Q", title=y_title, axis=axis, scale=scale),
            opacity=figures.shown_if(toggle, 0.3),
            tooltip=["part:N", alt.Tooltip("value:N", title=compare), "seed:Q",
                     alt.Tooltip("figure:Q", title=y_title, format=form)],
        )
    )  # fmt: skip
    base = figures.chart(
        pd.DataFrame(means, columns=["value", "part", "mean", "low", "high"])
    ).encode(x=x, xOffset=offset, color=colour, opacity=figures.shown_if(toggle))
    bars = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", title=y_title, axis=axis, scale=scale), y2="high:Q"
    )
    dots = base.mark_point(size=70, filled=True).encode(
        y=alt.Y("mean:Q", title=y_title, axis=axis, scale=scale),
        tooltip=["part:N", alt.Tooltip("value:N", title=compare),
                 alt.Tooltip("mean:Q", title="mean", format=form),
                 alt.Tooltip("low:Q", title="from", format=form),
                 alt.Tooltip("high:Q", title="to", format=form)],
    )  # fmt: skip
    return alt.layer(faint, bars, dots).add_params(toggle).properties(title=dataset)
