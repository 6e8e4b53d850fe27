"""All data sets together: mean ranks, and which values differ significantly."""

import numpy as np
import pandas as pd

from nnbench.pages.figures import Figure
from nnbench.pages.formatting import setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Number, count_cell, setting_cell
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
    ranking = findings.across
    if ranking is None:
        return None
    figures = []
    # The ranks of two values need no chart.
    if len(ranking.values) > 2:
        critical = critical_difference(len(ranking.values), len(ranking.datasets))
        caption = (
            "Critical-difference diagram (Demšar 2006): the mean rank of each value over "
            f"{len(ranking.datasets)} data sets. Bars join values whose mean ranks differ by less "
            f"than {critical:.2f}: no significant difference (Nemenyi test, 5%)."
        )
        figures = [
            Figure(
                "ranks", caption, [critical_difference_diagram(ranking, critical)], clickable=False
            )
        ]
    return Section(
        "across",
        "Across data sets",
        [across_text(ranking, findings.comparison), *notes(findings, ranking)],
        tables=[ranks_table(findings, ranking), pairs_table(ranking)],
        figures=figures,
    )


def notes(findings: Findings, ranking: Across) -> list[str]:
    """The unit of observation, and the assumptions that come with it."""
    lines = [
        "Each data set is one observation, with its mean over seeds: seeds repeat a run on the "
        "same data, and only more data sets show what holds for other data. A value ranks last on "
        "a data set on which any of its runs diverged or failed."
    ]
    excluded = [name for name in findings.comparison.datasets if name not in ranking.datasets]
    if excluded:
        lines.append(f"Left out, since not all values were run on them: {', '.join(excluded)}.")
    sources = {name.partition(" (")[0] for name in ranking.datasets}
    if len(sources) < len(ranking.datasets):
        lines.append(
            "Some are variants of the same data set, and less independent of each other than the "
            "tests assume."
        )
    if len(ranking.metrics) > 1:
        lines.append(
            f"Differences of {' and of '.join(ranking.metrics)} are ranked together in Wilcoxon's "
            "test; Friedman's ranks each data set on its own."
        )
    return lines


def ranks_table(findings: Findings, ranking: Across) -> Table:
    """A row for each value, the best mean rank first."""
    rows, data = [], []
    for position, value in enumerate(ranking.values):
        contrasts = [
            contrast for contrast in findings.contrasts
            if contrast.group.value == value and contrast.group.dataset in ranking.datasets
        ]  # fmt: skip
        ranks = ranking.ranks[:, position]
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
                **dict(zip(ranking.datasets, ranks, strict=True)),
                "wins": wins,
                "ties": ties,
                "losses": losses,
            }
        )
    columns = [findings.comparison.compare, "Mean rank", "Ranks", "Better", "Inconclusive", "Worse"]
    lines = (
        "Better, inconclusive (or equivalent), worse: the number of data sets on which a value's "
        "seeds show that outcome against the reference (Holm-corrected, as above)."
    )
    return Table("across", columns, rows, pd.DataFrame(data), [lines])


def pairs_table(ranking: Across) -> Table:
    """A row for each pair, the surest first."""
    ordered = sorted(ranking.pairs, key=lambda pair: (pair.p, -abs(pair.wins - pair.losses)))
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
    lines = [
        "Better / equal / worse: the number of data sets on which the first value's mean is better "
        "than, equal to or worse than the second's. p: Wilcoxon signed-rank test over data sets. "
        f"p (Holm): corrected for all {len(ranking.pairs)} pairs. With {len(ranking.datasets)} "
        f"data sets p is at least {smallest_p(len(ranking.datasets)):.2g}, or "
        f"{ranking.lowest_p:.2g} corrected."
    ]
    if not np.isnan(ranking.p):
        lines.append(f"Friedman's test of all values at once: p {p_text(ranking.p)}.")
    if len(ordered) > ROWS:
        lines.insert(0, f"The first {ROWS} of {len(ordered):,}.")
    columns = ["First", "Second", "Better / equal / worse", "p", "p (Holm)"]
    return Table("across-pairs", columns, rows, data, lines, folded=len(rows) > 10)
