"""Learning rates at which each value trains: a row each, on a logarithmic axis."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.learning_rates import TOLERANCE, means, training_range
from nnbench.report.analysis.rate_limits import gap_above
from nnbench.report.charts.axis_and_colour import side_by_side
from nnbench.report.charts.forest_panel import FONT, LETTER, NAMES, ROW, WORDS_AT
from nnbench.report.charts.forest_rows import NEUTRAL
from nnbench.report.charts.outcome_marks import COLOURS
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import Outcome
from nnbench.report.text.rate_limits import range_text, ranges_alt

CAPTION = (
    "Thick: the learning rates that train; dot: the chosen rate. Thin: up to the next rate of the "
    "grid, between which the limit lies."
)
MOST_PANELS = 4
"""Panels of the first screen."""
COLUMNS = ("name", "low", "high", "next", "best", "label")


def rate_range_figures(findings: Findings) -> list[figures.Figure]:
    """The ranges of each data set and value of a first key; none if no rate trains anywhere."""
    comparison = side_by_side(findings.comparison, MOST_PANELS)
    frames = {
        dataset: rows_of(comparison, comparison.of(dataset)) for dataset in comparison.datasets
    }
    frames = {dataset: frame for dataset, frame in frames.items() if frame["low"].notna().any()}
    if not frames:
        return []
    rates = pd.concat(frames.values())[["low", "next"]]
    domain = [float(rates["low"].min()), float(rates["next"].max())]
    widest = max(len(label) for frame in frames.values() for label in frame["label"])
    panels = [panel(frame, domain, widest).properties(title=dataset)
              for dataset, frame in list(frames.items())[:MOST_PANELS]]  # fmt: skip
    alt_text = ranges_alt(findings.rate_limits, findings.comparison)
    return [
        figures.Figure(
            "forest", CAPTION + comparison.cut, panels, panels_a_row=2, clickable=False,
            alt=alt_text,
        )
    ]  # fmt: skip


def rows_of(comparison: Comparison, groups: Sequence[Group]) -> pd.DataFrame:
    """A row for each group, in its order."""
    rows: list[dict[str, Any]] = []
    for group in groups:
        name = comparison.named(group.value)
        trained = training_range(means(group), group.metric, TOLERANCE)
        if trained is None:
            rows.append({"name": name, "label": "none trains"})
            continue
        beyond = trained.high if trained.goes_beyond else gap_above(group, trained.high)[1]
        more = " or more" if trained.goes_beyond else ""
        rows.append(
            {"name": name, "low": trained.low, "high": trained.high, "next": beyond,
             "best": trained.best, "label": range_text(trained) + more}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def panel(frame: pd.DataFrame, domain: Sequence[float], widest: int) -> Any:
    """The rows of one data set, with room for labels of `widest` characters."""
    order = list(frame["name"])
    scale = alt.Scale(type="log", domain=list(domain), nice=False, padding=8)
    first, last = np.log10(domain)
    decades = 10.0 ** np.arange(np.ceil(first), np.floor(last) + 1)
    axis = alt.Axis(values=decades.tolist(), format="~g")

    def along(column: str) -> Any:
        return alt.X(f"{column}:Q", title="learning rate (log)", scale=scale, axis=axis)

    base = figures.chart(frame).encode(
        y=alt.Y("name:N", title=None, sort=order, axis=NAMES),
        tooltip=[alt.Tooltip("name:N", title="value"), alt.Tooltip("label:N", title="trains"),
                 alt.Tooltip("best:Q", title="chosen", format="~g")],
    )  # fmt: skip
    colour = COLOURS[Outcome.BETTER]
    layers = [
        base.mark_point(opacity=0, size=1, xOffset=WORDS_AT + LETTER * widest).encode(
            x=alt.value("width")
        ),
        base.mark_rule(strokeWidth=1.3, color=NEUTRAL).encode(x=along("high"), x2="next:Q"),
        base.mark_rule(strokeWidth=4, color=colour).encode(x=along("low"), x2="high:Q"),
        base.mark_point(size=5 * ROW, filled=True, opacity=1, color=colour).encode(x=along("best")),
        base.mark_text(align="left", dx=WORDS_AT, fontSize=FONT).encode(
            x=alt.value("width"), text="label:N"
        ),
    ]
    return alt.layer(*layers).properties(height=ROW * len(order))
