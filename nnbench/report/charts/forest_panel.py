"""Rows of a forest plot as a chart: names, marks with intervals, signs and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages import figures
from nnbench.report.charts.forest_rows import NEUTRAL, Axis

ROW = 26
"""Pixels from one row to the next."""

NAMES = alt.Axis(labelLimit=150, labelFontSize=12, labelPadding=8, ticks=False, domain=False)

BAND = 0.16
"""Opacity of the band of differences that don't matter."""

SIGN_AT, WORDS_AT, FONT = 16, 28, 12
"""Pixels from the frame to sign and words at the right of a row, and their size."""

LINE = 42
"""Characters of a line of the axis title, which a phone has room for."""

LETTER = 6.2
"""Pixels of a letter of the words."""

TICKS = alt.ExprRef("min(6, max(1, floor(width / 40)))")
"""Number of ticks: on a phone, long names leave room for one."""

HINTS = {"name": "value", "label": "outcome", "difference": "difference", "interval": "interval"}
"""Column → its name in the hint at a mark."""


@dataclass(frozen=True)
class Along:
    """The horizontal axis, the same for every layer."""

    axis: Axis
    title: str

    def of(self, column: str) -> Any:
        """A column along it."""
        title = wrap(self.title, LINE) or None
        return alt.X(
            column, title=title, axis=alt.Axis(tickCount=TICKS, titleLimit=0),
            scale=alt.Scale(domain=[self.axis.low, self.axis.high], nice=False, zero=False),
        )  # fmt: skip


def rows_chart(
    frame: pd.DataFrame,
    along: Along,
    widest: int,
    *,
    margin: float = 0.0,
    trend: pd.DataFrame | None = None,
    row: int = ROW,
) -> Any:
    """A row of `frame` each: names at the left, marks and intervals, sign and label at the right.

    It keeps room for labels of `widest` characters, so that panels below each other are aligned.
    """
    order = list(frame["name"])
    words = figures.chart(frame).encode(
        y=alt.Y("name:N", title=None, sort=order, axis=NAMES),
        tooltip=[alt.Tooltip(f"{column}:N", title=title) for column, title in HINTS.items()],
    )
    base = words.encode(color=alt.Color("colour:N", scale=None))
    layers = [
        *background(margin, along),
        words.mark_point(opacity=0, size=1, xOffset=WORDS_AT + LETTER * widest).encode(
            x=alt.value("width")
        ),
        base.mark_rule(strokeWidth=1.3).encode(x=along.of("thin_low:Q"), x2="thin_high:Q"),
        base.mark_rule(strokeWidth=4).encode(x=along.of("low:Q"), x2="high:Q"),
        *(trend_line(trend, order, along) if trend is not None else []),
        base.mark_point(size=5 * row, filled=True, opacity=1).encode(
            x=along.of("mean:Q"), shape=alt.Shape("shape:N", scale=None)
        ),
        base.mark_text(dx=SIGN_AT, fontSize=FONT).encode(x=alt.value("width"), text="sign:N"),
        words.mark_text(align="left", dx=WORDS_AT, fontSize=FONT).encode(
            x=alt.value("width"), text="label:N"
        ),
    ]
    # A phone makes rows lower. A step as the height would warn beside a width that fits.
    return alt.layer(*layers).properties(height=row * len(order), usermeta={"rows": len(order)})


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
