"""Heat maps: the score by two settings, on every data set."""

import pandas as pd

from nnbench.pages import figures
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import count_cell, metric_cell, setting_cell
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.heatmaps import Grid, grids
from nnbench.report.charts.heatmap import heatmap
from nnbench.report.question import noun_of
from nnbench.report.text.comparison import undrawn_values_text


def make(findings: Findings, datasets: int = 12) -> Section | None:
    """A heat map for up to so many data sets; None if not two settings varied."""
    comparison = findings.comparison
    maps = grids(comparison)
    if not maps:
        return None
    rows, columns = maps[0].keys
    caption = (
        f"Each cell is the mean {maps[0].split} score over seeds at the best setting of all other "
        "hyperparameters that varied. Lighter is better. A cell with a cross has runs that "
        "diverged or failed, so no mean; an empty cell was not tried."
    )
    if len(comparison.keys) == 1:
        caption += undrawn_values_text(comparison).replace("line", "row")
    if len(maps) > datasets:
        caption += f" The first {datasets} of {len(maps)} data sets; the table has all."
    charts = [heatmap(grid) for grid in maps[:datasets]]
    figure = figures.Figure("heatmap", caption, charts, clickable=False)
    title = f"Heat maps of {noun_of(rows)} and {noun_of(columns)}"
    return Section("heatmaps", title, tables=[table(maps)], figures=[figure])


def table(maps: list[Grid]) -> Table:
    """All cells of all data sets."""
    first, second = maps[0].keys
    columns = [
        "Data set",
        first,
        second,
        f"Mean {maps[0].split} score",
        "Diverged or failed",
        "Runs",
    ]
    rows, parts = [], []
    for grid in maps:
        cells = grid.cells[["row", "column", "mean", "lost", "runs"]]
        for row, column, mean, lost, runs in cells.to_numpy(object).tolist():
            named, counts = map(setting_cell, (row, column)), map(count_cell, (lost, runs))
            rows.append([grid.dataset, *named, metric_cell(grid.metric.name, mean), *counts])
        renamed = grid.cells.rename(columns={"row": first, "column": second})
        parts.append(renamed.assign(dataset=grid.dataset, metric=grid.metric.name, part=grid.split))
    data = pd.concat(parts, ignore_index=True)
    order = ["dataset", first, second, "part", "metric", "mean", "lost", "runs"]
    return Table("heatmap", columns, rows, data[order], folded=True)
