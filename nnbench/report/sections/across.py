"""All data sets together: mean ranks, and which values differ significantly."""

import numpy as np
import pandas as pd

from nnbench.pages.cells import Number, count_cell, setting_cell
from nnbench.pages.figures import Figure
from nnbench.pages.formatting import setting_text
from nnbench.pages.section import Section, Table
from nnbench.report.analysis.across_datasets import Across, critical_difference, score
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.critical_difference import critical_difference_diagram
from nnbench.report.sections.evidence import p_cell
from nnbench.report.statistics import smallest_p
from nnbench.report.text.across_datasets import across_text
from nnbench.report.text.numbers import p_text

ROWS = 50
"""Pairs that a page shows; the file has all."""


def make(findings: Findings) -> Section | None:
    """Mean ranks with a critical-difference diagram, wins and losses, and all pairs."""
    found = findings.across
    if found is None:
        return None
    figures = []
    # The ranks of two values need no chart.
    if len(found.values) > 2:
        critical = critical_difference(len(found.values), len(found.datasets))
        caption = (
            "Critical-difference diagram (Demšar 2006): the mean rank of each value over "
            f"{len(found.datasets)} data sets. Bars join values whose mean ranks differ by less "
            f"than {critical:.2f}: no significant difference (Nemenyi test, 5%)."
        )
        figures = [
            Figure(
                "ranks", caption, [critical_difference_diagram(found, critical)], clickable=False
            )
        ]
    return Section(
        "across",
        "Across data sets",
        [across_text(found, findings.comparison), *notes(findings, found)],
        tables=[ranks_table(findings, found), pairs_table(found)],
        figures=figures,
    )


def notes(findings: Findings, found: Across) -> list[str]:
    """The unit of observation, and the assumptions that come with it."""
    said = [
        "Each data set is one observation, with its mean over seeds: seeds repeat a run on the "
        "same data, and only more data sets show what holds for other data. A value ranks last on "
        "a data set on which any of its runs diverged or failed."
    ]
    left = [name for name in findings.comparison.datasets if name not in found.datasets]
    if left:
        said.append(f"Left out, since not all values were run on them: {', '.join(left)}.")
    sources = {name.partition(" (")[0] for name in found.datasets}
    if len(sources) < len(found.datasets):
        said.append(
            "Some are variants of the same data set, and less independent of each other than the "
            "tests assume."
        )
    if len(found.metrics) > 1:
        said.append(
            f"Differences of {' and of '.join(found.metrics)} are ranked together in Wilcoxon's "
            "test; Friedman's ranks each data set on its own."
        )
    return said


def ranks_table(findings: Findings, found: Across) -> Table:
    """A row for each value, the best mean rank first."""
    rows, data = [], []
    for position, value in enumerate(found.values):
        contrasts = [
            each for each in findings.contrasts
            if each.group.value == value and each.group.dataset in found.datasets
        ]  # fmt: skip
        ranks = found.ranks[:, position]
        wins, ties, losses = score(contrasts)
        rows.append(
            [
                setting_cell(value),
                Number(f"{ranks.mean():.2f}", ranks.mean()),
                Number(f"{ranks.min():g} to {ranks.max():g}", ranks.min()),
                *(map(count_cell, (wins, ties, losses)) if contrasts else ["reference"] * 3),
            ]
        )
        data.append(
            {
                "value": setting_text(value),
                "mean_rank": ranks.mean(),
                **dict(zip(found.datasets, ranks, strict=True)),
                "wins": wins,
                "ties": ties,
                "losses": losses,
            }
        )
    columns = [findings.comparison.compare, "Mean rank", "Ranks", "Better", "Inconclusive", "Worse"]
    said = (
        "Better, inconclusive (or equivalent), worse: the number of data sets on which a value's "
        "seeds show that outcome against the reference (Holm-corrected, as above)."
    )
    return Table("across", columns, rows, pd.DataFrame(data), [said])


def pairs_table(found: Across) -> Table:
    """A row for each pair, the surest first."""
    ordered = sorted(found.pairs, key=lambda pair: (pair.p, -abs(pair.wins - pair.losses)))
    rows = [
        [
            setting_cell(pair.left),
            setting_cell(pair.right),
            Number(f"{pair.wins} / {pair.ties} / {pair.losses}", pair.wins - pair.losses),
            *map(p_cell, (pair.p, pair.p_holm)),
        ]
        for pair in ordered[:ROWS]
    ]
    data = pd.DataFrame(
        [{**vars(pair), "left": setting_text(pair.left), "right": setting_text(pair.right)}
         for pair in ordered]
    )  # fmt: skip
    said = [
        "Better / equal / worse: the number of data sets on which the first value's mean is better "
        "than, equal to or worse than the second's. p: Wilcoxon signed-rank test over data sets. "
        f"p (Holm): corrected for all {len(found.pairs)} pairs. With {len(found.datasets)} data "
        f"sets p is at least {smallest_p(len(found.datasets)):.2g}, or {found.lowest_p:.2g} "
        "corrected."
    ]
    if not np.isnan(found.p):
        said.append(f"Friedman's test of all values at once: p {p_text(found.p)}.")
    if len(ordered) > ROWS:
        said.insert(0, f"The first {ROWS} of {len(ordered):,}.")
    columns = ["First", "Second", "Better / equal / worse", "p", "p (Holm)"]
    return Table("across-pairs", columns, rows, data, said, folded=len(rows) > 10)
