"""Rows of a forest plot: marks and labels of each compared value, in the units of the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.standings import Standings
from nnbench.report.charts.outcome_marks import COLOURS, SIGNS
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import CONFIDENCE, Outcome
from nnbench.report.text.numbers import bounds_text, difference_text, typical_text

NEUTRAL = "#7d7f8c"
"""Colour of what is no outcome; contrast of at least 3:1 on light and on dark ground."""

SHAPES = {
    Outcome.BETTER: "triangle-up",
    Outcome.WORSE: "triangle-down",
    Outcome.EQUIVALENT: "square",
    Outcome.INCONCLUSIVE: "circle",
    Outcome.NOT_COMPARABLE: "cross",
}

FAR = 4
"""Multiple of the usual distance to zero beyond which a row ends at the edge of the axis."""

ROOM = 0.04
"""Share of the axis that stays free at either end."""

COLUMNS = (
    "name", "sign", "label", "colour", "shape", "mean", "low", "high", "thin_low", "thin_high",
    "difference", "interval",
)  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """The range of differences that is drawn, and whether it leaves any out."""

    low: float
    high: float
    is_cut: bool

    def within(self, value: float) -> float:
        """The place of a value, which is the end of the axis if it lies beyond."""
        return float(np.clip(value, self.low, self.high))


def axis_of(blocks: Sequence[Standings]) -> Axis:
    """The axis that blocks of the same measure share: zoomed to them, but for outliers."""
    margin = max(block.negligible * block.measure.factor for block in blocks)
    reaches = [reach for block in blocks for _, contrast in block.rows
               if contrast and (reach := ends_of(contrast, block.measure.factor))]  # fmt: skip
    values = np.array([end for reach in reaches for end in reach] + [-margin, margin, 0.0])
    farthest = [far for reach in reaches if np.isfinite(far := max(map(abs, reach)))]
    # An outlier is a row in five at most: what a third of the rows show isn't cut off.
    usual = float(np.quantile(farthest, 0.8, method="lower")) if farthest else 0.0
    limit = FAR * max(usual, margin)
    low, high = max(values.min(), -limit), min(values.max(), limit)
    return with_room(low, high, is_cut=bool(np.abs(values).max() > limit))


def with_room(low: float, high: float, *, is_cut: bool = False) -> Axis:
    """The axis of a range, with some room at either end."""
    room = ROOM * (high - low) or 1.0
    return Axis(low - room, high + room, is_cut)


def ends_of(contrast: Contrast, factor: int) -> list[float]:
    """All numbers that a row draws, infinite ones among them."""
    numbers = [contrast.difference.mean, *intervals_of(contrast)]
    return [factor * number for number in numbers if not np.isnan(number)]


def intervals_of(contrast: Contrast) -> tuple[float, float, float, float]:
    """The interval that decides, and the one of 95% if that is wider; NaN for none."""
    if contrast.outcome is Outcome.NOT_COMPARABLE:
        return (np.nan,) * 4
    low, high = contrast.difference.low, contrast.difference.high
    thin = (np.nan, np.nan)
    if contrast.decision.level < CONFIDENCE:
        measure = contrast.group.measure
        thin = measure.in_own_direction(*contrast.effect.interval(CONFIDENCE))
    return low, high, *thin


def drawn(comparison: Comparison, block: Standings, axis: Axis) -> pd.DataFrame:
    """A row for each value, in order."""
    rows = [row_of(comparison, block, group, contrast, axis) for group, contrast in block.rows]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def row_of(
    comparison: Comparison, block: Standings, group: Group, contrast: Contrast | None, axis: Axis
) -> dict[str, Any]:
    """The row of one value: `label` stands at its right, `difference` and `interval` in a hint."""
    failed = f", {group.lost} failed" if group.lost else ""
    row: dict[str, Any] = {"name": comparison.named(group.value, but=block.shared)}
    if contrast is None:
        return row | {
            "sign": "",
            "label": f"{typical_text(group)} · {block.status(group)}{failed}",
            "colour": NEUTRAL,
            "shape": "diamond",
            "mean": 0.0 if group is block.reference else np.nan,
        }
    measure, outcome, factor = group.measure, contrast.outcome, block.measure.factor
    estimate = contrast.difference
    low, high, thin_low, thin_high = (axis.within(factor * end) for end in intervals_of(contrast))
    return row | {
        "sign": SIGNS[outcome],
        "label": f"{typical_text(group)} · {outcome.value}{failed}",
        "colour": COLOURS[outcome],
        "shape": beyond(factor * estimate.mean, axis) or SHAPES[outcome],
        "mean": axis.within(factor * estimate.mean),
        "low": low,
        "high": high,
        "thin_low": thin_low,
        "thin_high": thin_high,
        "difference": difference_text(measure, estimate.mean) + measure.points,
        "interval": "—" if np.isnan(estimate.low) else bounds_text(measure, estimate),
    }


def beyond(value: float, axis: Axis) -> str:
    """The arrow of a value beyond an end of the axis; empty for any other."""
    if value < axis.low:
        return "triangle-left"
    return "triangle-right" if value > axis.high else ""


def trend_rows(comparison: Comparison, block: Standings, axis: Axis) -> pd.DataFrame:
    """Points of the trend's line, where they lie within the axis."""
    rows = [
        (comparison.named(group.value, but=block.shared), place, block.measure.factor * value)
        for place, (group, value) in enumerate(block.trend)
        if axis.low <= block.measure.factor * value <= axis.high
    ]
    return pd.DataFrame(rows, columns=["name", "place", "trend"])
