"""Chart of values that stand alone: the score of each seed, with mean and interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures, palette
from nnbench.pages.formatting import count_text
from nnbench.report.charts.forest_rows import NEUTRAL
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.measure import Measure
from nnbench.report.statistics import estimate
from nnbench.report.text.numbers import estimate_text, typical_text

ROW = 56
"""Pixels of a row, in which points are spread."""


def seed_figures(comparison: Comparison) -> list[figures.Figure]:
    """A panel for each measure, with a row for each data set; none of a single run each."""
    alone = [group for block in comparison.blocks if len(block) == 1 for group in block]
    by_measure: dict[Measure, list[Group]] = {}
    for group in alone:
        if np.isfinite(group.values).sum() > 1:
            by_measure.setdefault(group.measure, []).append(group)
    panels = [panel(comparison, measure, groups) for measure, groups in by_measure.items()]
    if not panels:
        return []
    caption = (
        "Each point is the score of one seed; its height only keeps points apart. Diamond and "
        "line: mean with its 95% CI, for six seeds or more."
    )
    groups_drawn = [group for groups in by_measure.values() for group in groups]
    text = "; ".join(
        f"{group.dataset}: {label(group)}, {count_text(len(finite(group)), 'seed')}"
        for group in groups_drawn
    )
    return [
        figures.Figure("seeds", caption, panels, clickable=False,
                       alt=f"Scores of the seeds. {text}.")
    ]  # fmt: skip


def panel(comparison: Comparison, measure: Measure, groups: Sequence[Group]) -> Any:
    """The scores of the seeds of some groups, a row each."""
    names = [name_of(comparison, group) for group in groups]
    points = pd.DataFrame(
        [(name, seed, score, figures.jitter(place))
         for name, group in zip(names, groups, strict=True)
         for place, (seed, score) in enumerate(finite(group).items())],
        columns=["name", "seed", "score", "jitter"],
    )  # fmt: skip
    means = pd.DataFrame(
        [(name, *mean_of(group), label(group)) for name, group in zip(names, groups, strict=True)],
        columns=["name", "mean", "low", "high", "label"],
    )
    base = figures.chart(means).encode(y=row(names))
    across = Across(measure)
    layers = [
        figures.chart(points).mark_circle(size=40, opacity=0.85, color=palette.BLUE).encode(
            x=across.of("score:Q"), y=row(names),
            yOffset=alt.YOffset("jitter:Q", scale=alt.Scale(domain=[0, 1])),
            tooltip=["seed:Q", alt.Tooltip("score:Q", title=measure.title, format=measure.form)],
        ),
        base.mark_rule(strokeWidth=4, color=NEUTRAL).encode(x=across.of("low:Q"), x2="high:Q"),
        base.mark_point(size=130, filled=True, opacity=1, shape="diamond", color=NEUTRAL).encode(
            x=across.of("mean:Q")
        ),
        base.mark_text(align="left", dx=10, fontSize=12).encode(
            x=alt.value("width"), text="label:N"
        ),
    ]  # fmt: skip
    return alt.layer(*layers).properties(title="", height=ROW * len(names))


@dataclass(frozen=True)
class Across:
    """The horizontal axis, zoomed to the scores and the same for every layer."""

    measure: Measure

    def of(self, column: str) -> Any:
        """A column along it."""
        axis = alt.Axis() if self.measure.is_time else figures.axis_of(self.measure.metric.name)
        axis.tickCount = 6
        return alt.X(column, title=self.measure.title, axis=axis, scale=alt.Scale(zero=False))


def row(names: Sequence[str]) -> Any:
    """The vertical axis, with the names of the rows."""
    axis = alt.Axis(labelLimit=130, labelFontSize=12, labelPadding=8, ticks=False, domain=False)
    return alt.Y("name:N", title=None, sort=list(names), axis=axis)


def name_of(comparison: Comparison, group: Group) -> str:
    """The data set and, if there are several values, the value."""
    shared = comparison.keys if len(comparison.values) > 1 else ()
    return comparison.place(group.dataset, group.value, shared)


def finite(group: Group) -> pd.Series:
    """Outcome by seed, of the runs that have one."""
    outcomes: pd.Series = group.values[np.isfinite(group.values)]
    return outcomes


def mean_of(group: Group) -> tuple[float, float, float]:
    """Mean with the ends of its interval; NaN where a run has no outcome."""
    mean = estimate(group.values, group.measure.within)
    return mean.mean, mean.low, mean.high


def label(group: Group) -> str:
    """Mean, interval and number of runs that failed."""
    mean = estimate(group.values, group.measure.within)
    score = typical_text(group) if group.measure.is_time else estimate_text(group.metric, mean)
    failed = f", {group.lost} failed" if group.lost else ""
    return score + failed
