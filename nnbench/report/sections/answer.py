"""The answer: each value's difference to its reference as a forest plot, and in one table."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from nnbench.pages.figures import Figure
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Cell, Number, count_cell, setting_cell
from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.new_rows import interval_for_new_rows
from nnbench.report.analysis.standings import Standings, standings
from nnbench.report.charts.forest import forest_figures
from nnbench.report.charts.outcome_marks import marked
from nnbench.report.charts.rate_ranges import rate_range_figures
from nnbench.report.charts.seeds import seed_figures
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.text.forest import reason_text
from nnbench.report.text.numbers import difference_text, ends_text, level_text, typical_text
from nnbench.run.metrics import RATE_LIMIT

NOTE = "The CI decides, together with the corrected test; n: paired seeds."


def make(findings: Findings) -> Section | None:
    """Forest plot and table; of a single configuration the scores of its seeds."""
    blocks = standings(findings)
    if not blocks:
        seeds = seed_figures(findings.comparison)
        return (
            Section("answer", "Scores of the seeds", figures=seeds, page="answer")
            if seeds
            else None
        )
    return Section(
        "answer",
        "Each value beside its reference",
        tables=[table(findings.comparison, blocks)],
        figures=answer_figures(findings),
        page="answer",
    )


def answer_figures(findings: Findings) -> list[Figure]:
    """The forest plot; in a question about learning rates folded, after the rates that train."""
    forests = forest_figures(findings)
    if findings.question.metric != RATE_LIMIT:
        return forests
    ranges = rate_range_figures(findings)
    names = {"forest": "forest-scores"} if ranges else {}
    return [
        *ranges,
        *(replace(figure, name=names.get(figure.name, figure.name), folded=True)
          for figure in forests),
    ]  # fmt: skip


def table(comparison: Comparison, blocks: Sequence[Standings]) -> Table:
    """A row for each value: score, difference, intervals, outcome and number of pairs."""
    several = len(comparison.datasets) > 1
    rows = [(block, group, contrast) for block in blocks for group, contrast in block.rows]
    levels = {own.decision.level for _, _, own in rows if own and own.tested}
    level = levels.pop() if len(levels) == 1 else None
    data = pd.DataFrame([record(comparison, *row) for row in rows])
    has_new_rows = bool(data["new_rows_low"].notna().any())
    has_lost = any(group.lost for _, group, _ in rows)
    columns = [
        *(["Data set"] if several else []),
        *comparison.keys,
        score_title(blocks),
        difference_title(comparison, blocks),
        f"{level_text(level)} CI" if level else "CI",
        *(["95% CI, new rows"] if has_new_rows else []),
        "Outcome",
        "n",
        *(["Diverged or failed"] if has_lost else []),
    ]
    cells = [
        [
            *([group.dataset] if several else []),
            *map(setting_cell, comparison.columns_of(group.value).values()),
            Number(typical_text(group), group.typical),
            *difference_cells(group, contrast, level),
            *([new_rows_cell(contrast)] if has_new_rows else []),
            outcome_text(block, group, contrast),
            count_cell(contrast.count) if contrast else "—",
            *([count_cell(group.lost)] if has_lost else []),
        ]
        for block, group, contrast in rows
    ]
    return Table(
        "answer", columns, cells, data, notes=[NOTE], pinned=several + len(comparison.keys) - 1,
    )  # fmt: skip


def score_title(blocks: Sequence[Standings]) -> str:
    """The measure, or what all have in common."""
    titles = {block.measure.title for block in blocks}
    title = titles.pop() if len(titles) == 1 else "score"
    return title[0].upper() + title[1:]


def difference_title(comparison: Comparison, blocks: Sequence[Standings]) -> str:
    """The reference and the unit of differences, where all blocks agree in them."""
    references = {comparison.named(block.reference.value, but=block.shared) for block in blocks}
    units = {block.measure.points for block in blocks}
    reference = f" to {references.pop()}" if len(references) == 1 else ""
    unit = units.pop() if len(units) == 1 else ""
    return f"Difference{reference}{',' * bool(unit)}{unit}"


def difference_cells(group: Group, contrast: Contrast | None, level: float | None) -> list[Cell]:
    """The difference and the interval that decides, with its level if the header has none."""
    if contrast is None:
        return ["—", "—"]
    mean, low, high = (getattr(contrast.difference, name) for name in ("mean", "low", "high"))
    difference = Number(difference_text(group.measure, mean), mean)
    if np.isnan(low):
        return [difference, "—"]
    level_remark = "" if level else f" ({level_text(contrast.decision.level)})"
    return [difference, Number(ends_text(group.measure, low, high) + level_remark, low)]


def new_rows_cell(contrast: Contrast | None) -> Cell:
    """The 95% interval for new rows; a dash where there is none."""
    ends = interval_for_new_rows(contrast) if contrast else None
    if contrast is None or ends is None or np.isnan(ends[0]):
        return "—"
    return Number(ends_text(contrast.group.measure, *ends), ends[0])


def outcome_text(block: Standings, group: Group, contrast: Contrast | None) -> str:
    """The outcome with its sign and, if no verdict was possible, the reason."""
    if contrast is None:
        return block.status(group)
    reason = reason_text(contrast)
    return marked(contrast.outcome) + (f" ({reason})" if reason else "")


def record(
    comparison: Comparison, block: Standings, group: Group, contrast: Contrast | None
) -> dict[str, object]:
    """The row of a value with all digits."""
    ends = interval_for_new_rows(contrast) if contrast else None
    low, high = ends or (np.nan, np.nan)
    return {
        "dataset": group.dataset,
        **comparison.columns_of(group.value),
        "measure": group.measure.name,
        "score": group.typical,
        "difference": contrast.difference.mean if contrast else np.nan,
        "low": contrast.difference.low if contrast else np.nan,
        "high": contrast.difference.high if contrast else np.nan,
        "level": contrast.decision.level if contrast else np.nan,
        "new_rows_low": low,
        "new_rows_high": high,
        "outcome": contrast.outcome.value if contrast else block.status(group),
        "pairs": contrast.count if contrast else 0,
        "lost": group.lost,
    }
