"""The critical-difference diagram of mean ranks (Demšar 2006)."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages.figures import chart
from nnbench.pages.formatting import setting_text
from nnbench.pages.palette import BLUE, GREY, VERMILION
from nnbench.report.analysis.across_datasets import Across, cliques

LETTER, NARROW = 0.52, 340
"""Width of a letter as a share of its size, and of the narrowest panel in pixels."""

MOST = 0.32
"""The share of a panel that names may have on either side."""

INK = GREY
"""Reads on light and on dark ground."""

MANY_ROWS = 18
"""Rows beyond which the letters are smaller."""


def critical_difference_diagram(ranking: Across, critical: float) -> Any:
    """An axis of mean ranks, below it bars that join similar values, and names on both sides.

    Each name has a row of its own, the outermost rank the first, so that no lines cross.
    """
    ranks, count = ranking.mean_ranks, len(ranking.values)
    bars, depth = stacked([(ranks[i], ranks[j]) for i, j in cliques(list(ranks), critical)])
    half = (count + 1) // 2
    bottom = depth + half + 1.6
    size = 11 if bottom <= MANY_ROWS else 8
    digits = 2 if size > 8 else 1
    texts = [f"{setting_text(value)} ({rank:.{digits}f})"
             for value, rank in zip(ranking.values, ranks, strict=True)]  # fmt: skip
    side = min(MOST, (max(map(len, texts)) * LETTER * size + 6) / NARROW)
    margin = side / (1 - 2 * side) * (count - 1)
    lines, labels = names_on_both_sides(texts, list(ranks), depth)
    middle = (1 + count) / 2
    lines.append({"x": 1.0, "x2": float(count), "y": 0.0, "y2": 0.0})
    yardstick = [{"x": middle - critical / 2, "x2": middle + critical / 2, "y": bottom}]
    span = alt.Scale(domain=[1 - margin, count + margin], nice=False, zero=False)
    x = alt.X(
        "x:Q",
        title="mean rank (1 is best)",
        scale=span,
        axis=alt.Axis(orient="top", values=ticks(count), format="d", grid=False, domain=False),
    )
    height = alt.Scale(domain=[0, bottom + 1 + 0.05 * bottom], reverse=True, nice=False)
    y = alt.Y("y:Q", axis=None, scale=height)
    thin = chart(pd.DataFrame(lines)).mark_rule(strokeWidth=1.2, color=INK)
    thick = chart(pd.DataFrame(bars, columns=["x", "x2", "y"])).mark_rule(
        strokeWidth=5 if size > 8 else 3, color=BLUE, strokeCap="round"
    )
    scale = chart(pd.DataFrame(yardstick)).mark_rule(strokeWidth=3, color=VERMILION)
    caption = f"critical difference {critical:.2f}"
    legend = pd.DataFrame([{"x": middle, "y": bottom, "text": caption}])
    frame = pd.DataFrame(labels)
    layers = [
        thin.encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        thick.encode(x=x, x2="x2:Q", y=y),
        scale.encode(x=x, x2="x2:Q", y=y),
        chart(legend).mark_text(dy=11, color=INK, fontSize=size).encode(x=x, y=y, text="text:N"),
    ]
    for is_left, align, dx in ((True, "right", -5), (False, "left", 5)):
        layers.append(
            chart(frame[frame["left"] == is_left])
            .mark_text(align=align, dx=dx, color=INK, fontSize=size, limit=MOST * NARROW - 12)
            .encode(x=x, y=y, text="text:N", tooltip="text:N")
        )
    return alt.layer(*layers)


def names_on_both_sides(
    texts: Sequence[str], ranks: Sequence[float], depth: float
) -> tuple[list[dict[str, float]], list[dict[str, object]]]:
    """Lines from the axis to the names, and the names, in rows below the bars."""
    count = len(texts)
    half = (count + 1) // 2
    lines: list[dict[str, float]] = []
    labels: list[dict[str, object]] = []
    for position, (text, rank) in enumerate(zip(texts, ranks, strict=True)):
        is_left = position < half
        row = depth + 1.0 + (position if is_left else count - 1 - position)
        edge = 1.0 if is_left else float(count)
        lines.append({"x": rank, "x2": rank, "y": 0.0, "y2": row})
        lines.append({"x": rank, "x2": edge, "y": row, "y2": row})
        labels.append({"x": edge, "y": row, "text": text, "left": is_left})
    return lines, labels


def stacked(spans: list[tuple[float, float]]) -> tuple[list[dict[str, float]], float]:
    """Bars of which none touches another, each as high as it can be; and how low they reach.

    The spans ascend by where they begin.
    """
    ends: list[float] = []
    bars = []
    for low, high in spans:
        level = next((i for i, end in enumerate(ends) if end < low), len(ends))
        ends[level : level + 1] = [high]
        bars.append({"x": low, "x2": high, "y": 0.5 + 0.6 * level})
    return bars, 0.6 * len(ends)


def ticks(count: int) -> list[int]:
    """Whole ranks, of many every few."""
    step = -(-count // 8)
    return [1, *range(1 + step, count + 1, step)]
