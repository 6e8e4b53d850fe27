"""Forest plot: each compared value's difference to its reference, with the intervals around it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nnbench.pages import figures
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.standings import Standings, standings
from nnbench.report.charts.forest_panel import Along, rows_chart
from nnbench.report.charts.forest_rows import axis_of, drawn, trend_rows
from nnbench.report.charts.forest_trends import trend_figure
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.forest import alt_text, axis_title, caption, omitted_rows_text, panel_title

PANELS_A_ROW = 2

MOST_ROWS, FEWEST_ROWS, MOST_PANELS = 12, 5, 4
"""Rows in sight of one panel, and of each of several; panels in sight. A second figure has others.

Four panels of five rows fit the first screen of a laptop and, with narrow rows, of a phone.
"""


def forest_figures(findings: Findings) -> list[figures.Figure]:
    """The plot of the first rows, and a folded one of all others; none without a comparison.

    Of many panels along a number the trends come first, a row each, and all panels are folded.
    """
    blocks = standings(findings)
    trends = trend_figure(findings)
    if trends is not None:
        comparison = findings.comparison
        return [trends, figure("forest-pairs", comparison, blocks, "", folded=True)]
    in_sight, out_of_sight = most_telling(blocks)
    most = max(MOST_ROWS // max(len(in_sight), 1), FEWEST_ROWS)
    cuts = [block.cut(most) for block in in_sight]
    first = [block for block, _ in cuts]
    others = [block for _, block in cuts if block is not None] + out_of_sight
    plots = [("forest", first, False), ("forest-rest", others, True)]
    return [
        figure(name, findings.comparison, chunk, omitted_rows_text(blocks, chunk), folded=folded)
        for name, chunk, folded in plots
        if chunk
    ]


def most_telling(blocks: list[Standings]) -> tuple[list[Standings], list[Standings]]:
    """The blocks that are in sight, those with the most claimed differences, and all others.

    Both are in their own order.
    """
    claims = [sum(bool(own and own.outcome.claims_difference) for _, own in block.rows)
              for block in blocks]  # fmt: skip
    places = sorted(range(len(blocks)), key=lambda place: -claims[place])
    return (
        [blocks[place] for place in sorted(places[:MOST_PANELS])],
        [blocks[place] for place in sorted(places[MOST_PANELS:])],
    )


def figure(
    name: str,
    comparison: Comparison,
    blocks: Sequence[Standings],
    remark: str,
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
    titles = [axis_title(comparison, block) for block in blocks]
    # What all axes measure stands once in each column, below the last of its panels.
    if len(set(titles)) == 1:
        titles[:-PANELS_A_ROW] = [""] * (len(titles) - PANELS_A_ROW)
    panels = [
        panel(comparison, block, Along(axes[block.measure], title), frame, widest)
        for block, title, frame in zip(blocks, titles, frames, strict=True)
    ]
    is_cut = any(axis.is_cut for axis in axes.values())
    return figures.Figure(
        name, caption(blocks, is_cut=is_cut) + remark, panels, panels_a_row=PANELS_A_ROW,
        clickable=False, alt=alt_text(comparison, blocks), folded=folded,
    )  # fmt: skip


def panel(
    comparison: Comparison, block: Standings, along: Along, frame: pd.DataFrame, widest: int
) -> Any:
    """The rows of a block, with the band of differences that don't matter and the trend."""
    return rows_chart(
        frame,
        along,
        widest,
        margin=block.measure.factor * block.negligible,
        trend=trend_rows(comparison, block, along.axis),
    ).properties(title=panel_title(comparison, block))
