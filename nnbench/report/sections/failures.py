"""Runs that came to nothing, and why."""

from collections.abc import Mapping

from nnbench.record import History
from nnbench.report.question import Question
from nnbench.report.section import Section, Table
from nnbench.report.select import Comparison
from nnbench.report.wording import count_text, setting_text

ROWS = 50
"""Rows that a page shows; the file has all."""


def make(
    comparison: Comparison, question: Question, histories: Mapping[str, History]
) -> Section | None:
    """A row for every lost run, chosen setting or not."""
    runs = comparison.runs
    columns = ["dataset", question.compare, *comparison.nuisances, "seed", "status", "reason"]
    columns = list(dict.fromkeys(columns))
    lost = runs.loc[runs["status"] != "finished", columns].reset_index(drop=True)
    if lost.empty:
        return None
    text = (
        f"{count_text(len(lost), 'run')} of {len(runs):,} diverged or failed. They are results, "
        "too: they count as the worst and are never left out."
    )
    shown = lost.head(ROWS).itertuples(index=False)
    rows = [[setting_text(cell) for cell in row] for row in shown]
    notes = [f"The first {ROWS} of {len(lost):,}."] if len(lost) > ROWS else []
    table = Table("lost-runs", columns, rows, lost, notes, folded=len(rows) > 10)
    return Section("failures", "Lost runs", [text], tables=[table])
