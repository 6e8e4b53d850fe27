"""Runs that diverged, failed or finished without learning, and why."""

import pandas as pd

from nnbench.pages.formatting import count_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import setting_cell
from nnbench.report.analysis.findings import Findings
from nnbench.run.varied import natural

ROWS = 50
"""Rows that a page shows; the file has all."""


def make(findings: Findings) -> Section | None:
    """A row for every run that diverged, failed or learnt nothing, at any setting."""
    comparison = findings.comparison
    runs = comparison.runs
    columns = ["dataset", *comparison.keys, *comparison.nuisances, "seed", "status", "reason"]
    columns = list(dict.fromkeys(columns))
    ended = runs["status"] == "finished"
    runs = runs.sort_values(columns[:-2], key=lambda column: column.map(natural))
    lost = runs.loc[~ended, columns].reset_index(drop=True)
    stalled = runs.loc[ended & (runs["reason"] != ""), columns].reset_index(drop=True)
    text, tables = [], []
    if not lost.empty:
        text.append(
            f"{count_text(len(lost), 'run')} of {len(runs):,} diverged or failed. They "
            "count as the worst results and are never left out."
        )
        tables.append(table_of("lost-runs", lost))
    if not stalled.empty:
        text.append(
            f"{count_text(len(stalled), 'run')} of {len(runs):,} finished without learning: the "
            "whole network, or some of its layers. Their scores count as they are."
        )
        tables.append(table_of("stalled-runs", stalled.drop(columns="status")))
    title = "Runs that finished without learning" if lost.empty else "Runs that diverged or failed"
    return Section("failures", title, text, tables=tables) if tables else None


def table_of(name: str, runs: pd.DataFrame) -> Table:
    """The runs as a table."""
    first_rows = runs.head(ROWS).itertuples(index=False)
    rows = [[setting_cell(cell) for cell in row] for row in first_rows]
    notes = [f"The first {ROWS} of {len(runs):,}."] if len(runs) > ROWS else []
    return Table(name, [str(column) for column in runs], rows, runs, notes, folded=len(rows) > 10)
