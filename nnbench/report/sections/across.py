"""All data sets together: mean ranks, and which values can be told apart."""

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
    # Two values have no ranks worth a picture.
    if len(found.values) > 2:
        critical = critical_difference(len(found.values), len(found.datasets))
        caption = (
            "Critical-difference diagram (Demšar 2006): the mean rank of each value over "
            f"{len(found.datasets)} data sets. Bars join values whose mean ranks differ by less "
            f"than {critical:.2f} (Nemenyi, 5%), and so can't be told apart by them."
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
    """What counts as one observation here, and what that takes for granted."""
    said = [
        "Seeds repeat a run on the same data; what holds for other data only data sets can say. So "
        "each is one observation here, with its mean over seeds, and one on which any run of a "
        "value was lost counts as its worst."
    ]
    left = [name for name in findings.comparison.datasets if name not in found.datasets]
    if left:
        said.append(f"Not all values were run on {', '.join(left)}, which are left out.")
    sources = {name.partition(" (")[0] for name in found.datasets}
    if len(sources) < len(found.datasets):
        said.append(
            "Some are variants of the same data set, which are less independent of each other than "
            "the tests take for granted."
        )
    if len(found.metrics) > 1:
        said.append(
            f"Differences of {' and of '.join(found.metrics)} are ranked together in Wilcoxon's "
            "test; Friedman's looks at each data set by itself."
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
    columns = [findings.comparison.compare, "Mean rank", "Ranks", "Better", "Undecided", "Worse"]
    said = (
        "Better, undecided (or equal) and worse: on how many data sets its seeds show it so beside "
        "the reference, Holm-corrected, as above."
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
        "Better, equal, worse: data sets on which the mean of the first is better than that of the "
        "second. p: Wilcoxon's signed rank over data sets, and corrected for all "
        f"{len(found.pairs)} pairs (Holm). With {len(found.datasets)} data sets no pair can have "
        f"less than {smallest_p(len(found.datasets)):.2g}, or {found.lowest_p:.2g} corrected."
    ]
    if not np.isnan(found.p):
        said.append(f"Friedman's test of all values at once: p {p_text(found.p)}.")
    if len(ordered) > ROWS:
        said.insert(0, f"The first {ROWS} of {len(ordered):,}.")
    columns = ["One", "Other", "Better / equal / worse", "p", "p (Holm)"]
    return Table("across-pairs", columns, rows, data, said, folded=len(rows) > 10)
