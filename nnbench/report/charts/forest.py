"""Forest plot: each compared value's difference to its reference, with the intervals around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages import figures
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.standings import Standings, standings
from nnbench.report.charts.forest_rows import NEUTRAL, Axis, axis_of, drawn, scale, trend_rows
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.forest import alt_text, axis_title, caption, panel_title, rest_text

MOST_ROWS, MOST_PANELS = 12, 6
"""Rows of a panel, and panels, that are in sight; a second figure has all others."""

ROW = 26
"""Pixels from one row to the next."""

NAMES = alt.Axis(labelLimit=130, labelFontSize=12, labelPadding=8, ticks=False, domain=False)

BAND = 0.16
"""Opacity of the band of differences that don't matter."""

SIGN_AT, WORDS_AT, FONT = 16, 28, 12
"""Pixels from the frame to sign and words at the right of a row, and their size."""

LINE = 42
"""Characters of a line of the axis title, which a phone has room for."""

LETTER = 6.2
"""Pixels of a letter of the words."""

HINTS = {"name": "value", "label": "outcome", "difference": "difference", "interval": "interval"}
"""Column → its name in the hint at a mark."""


def forest_figures(findings: Findings) -> list[figures.Figure]:
    """The plot of the first rows, and a folded one of all others; none without a comparison."""
    blocks = standings(findings)
    first = [block.cut(0, MOST_ROWS) for block in blocks[:MOST_PANELS]]
    rest = [block.cut(MOST_ROWS) for block in blocks[:MOST_PANELS] if len(block.rows) > MOST_ROWS]
    rest += blocks[MOST_PANELS:]
    return [
        figure(name, findings.comparison, shown, rest_text(blocks, shown), folded=shown is rest)
        for name, shown in (("forest", first), ("forest-rest", rest)) if shown
    ]  # fmt: skip


def figure(
    name: str,
    comparison: Comparison,
    blocks: Sequence[Standings],
    rest: str,
    *,
    folded: bool,
) -> figures.Figure:
    """A panel for each block; those of one measure share their axis."""
    axes = {
        block.measure: axis_of([other for other in blocks if other.measure == block.measure])
        for block in blocks
    }
    frames = [drawn(comparison, block, axes[block.measure]) for block in blocks]
    widest = max(len(label) for frame in frames for label in frame["label"])
    panels = [
        panel(comparison, block, axes[block.measure], frame, widest)
        for block, frame in zip(blocks, frames, strict=True)
    ]
    is_cut = any(axis.is_cut for axis in axes.values())
    return figures.Figure(
        name, caption(blocks, is_cut=is_cut) + rest, panels, panels_a_row=2, clickable=False,
        alt=alt_text(comparison, blocks), folded=folded,
    )  # fmt: skip


def panel(
    comparison: Comparison, block: Standings, axis: Axis, frame: pd.DataFrame, widest: int
) -> Any:
    """The rows of a block: names at the left, score and outcome at the right.

    It keeps room for labels of `widest` characters, so that panels below each other are aligned.
    """
    trend = trend_rows(comparison, block, axis)
    order = list(frame["name"])
    words = figures.chart(frame).encode(
        y=alt.Y("name:N", title=None, sort=order, axis=NAMES),
        tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in HINTS.items()],
    )
    base = words.encode(color=alt.Color("colour:N", scale=None))
    along = Along(axis, axis_title(comparison, block))
    layers = [
        *background(scale(block) * block.negligible, along),
        words.mark_point(opacity=0, size=1, xOffset=WORDS_AT + LETTER * widest).encode(
            x=alt.value("width")
        ),
        base.mark_rule(strokeWidth=1.3).encode(x=along.of("thin_low:Q"), x2="thin_high:Q"),
        base.mark_rule(strokeWidth=4).encode(x=along.of("low:Q"), x2="high:Q"),
        *trend_line(trend, order, along),
        base.mark_point(size=130, filled=True, opacity=1).encode(
            x=along.of("mean:Q"), shape=alt.Shape("shape:N", scale=None)
        ),
        base.mark_text(dx=SIGN_AT, fontSize=FONT).encode(x=alt.value("width"), text="sign:N"),
        words.mark_text(align="left", dx=WORDS_AT, fontSize=FONT).encode(
            x=alt.value("width"), text="label:N"
        ),
    ]
    return alt.layer(*layers).properties(
        title=panel_title(comparison, block), height=ROW * len(order)
    )


@dataclass(frozen=True)
class Along:
    """The horizontal axis, the same for every layer."""

    axis: Axis
    title: str

    def of(self, column: str) -> Any:
        """A column along it."""
        return alt.X(
            column, title=wrap(self.title, LINE), axis=alt.Axis(tickCount=6, titleLimit=0),
            scale=alt.Scale(domain=[self.axis.low, self.axis.high], nice=False, zero=False),
        )  # fmt: skip


def background(margin: float, along: Along) -> list[Any]:
    """The band of differences that don't matter, and a line at zero."""
    band = pd.DataFrame([{"from": -margin, "to": margin}])
    zero = pd.DataFrame([{"zero": 0.0}])
    return [
        figures.chart(band).mark_rect(color=NEUTRAL, opacity=BAND).encode(
            x=along.of("from:Q"), x2="to:Q"
        ),
        figures.chart(zero).mark_rule(color=NEUTRAL).encode(x=along.of("zero:Q")),
    ]  # fmt: skip


def trend_line(trend: pd.DataFrame, order: Sequence[str], along: Along) -> list[Any]:
    """A dashed line from row to row; none through fewer than two."""
    if len(trend) < 2:
        return []
    return [
        figures.chart(trend).mark_line(color=NEUTRAL, strokeDash=[5, 4], strokeWidth=1.5).encode(
            x=along.of("trend:Q"), y=alt.Y("name:N", title=None, sort=list(order), axis=NAMES),
            order="place:Q",
        )
    ]  # fmt: skip
