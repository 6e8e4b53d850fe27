"""Invalid settings that were skipped, and why."""

import pandas as pd

from nnbench.pages.formatting import count_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Cell, count_cell
from nnbench.report.analysis.findings import Findings

ROWS = 50
"""Rows that a page shows; the file has all."""


def make(findings: Findings) -> Section | None:
    """A row for every reason."""
    question = findings.question
    if not question.skipped:
        return None
    reasons = pd.DataFrame(question.skipped.items(), columns=["reason", "runs"])
    text = (
        f"Sweeps skipped invalid settings for {count_text(len(reasons), 'reason')}. They were not "
        "trained, and count nowhere in this report."
    )
    notes = ["Runs: the largest number that one sweep skipped for that reason."]
    if len(reasons) > ROWS:
        notes.insert(0, f"The first {ROWS} of {len(reasons):,}.")
    rows: list[list[Cell]] = [
        [reason, count_cell(runs)] for reason, runs in question.skipped.items()
    ]
    table = Table(
        "skipped", ["reason", "runs"], rows[:ROWS], reasons, notes, folded=len(reasons) > 10
    )
    return Section("skipped", "Skipped settings", [text], tables=[table], page="provenance")
