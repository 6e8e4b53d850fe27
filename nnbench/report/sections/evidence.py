"""The evidence for each difference: size, interval, test, and the seeds that it would take."""

import numpy as np
import pandas as pd

from nnbench.pages.cells import Number, count_cell, setting_cell, share_cell
from nnbench.pages.section import Section, Table
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.export import of_contrast
from nnbench.report.statistics import smallest_p
from nnbench.report.text.numbers import difference_text, p_text, paired_text, seed_count_text


def make(findings: Findings) -> Section | None:
    """A row for every value beside its reference."""
    if not findings.contrasts:
        return None
    comparison = findings.comparison
    columns = [
        "Data set", *comparison.keys, "Reference", "Pairs", "Difference", "Median difference",
        "Better in", "p", "p (Holm)", "Smallest p", "Outcome", "Further seeds",
    ]  # fmt: skip
    rows = [
        [
            each.group.dataset,
            *map(setting_cell, comparison.columns_of(each.group.value).values()),
            setting_cell(each.reference.value),
            count_cell(each.count),
            Number(paired_text(each.group.metric, each.difference), each.difference.mean),
            "diverged or failed"
            if np.isinf(each.median)
            else Number(difference_text(each.group.metric, each.median), each.median),
            share_cell(each.improvement),
            *map(p_cell, (each.p, each.p_holm, smallest_p(each.count))),
            each.outcome.value,
            Number(seed_count_text(each.more_seeds), each.more_seeds or np.nan),
        ]
        for each in findings.contrasts
    ]
    data = pd.DataFrame(
        [{"dataset": each.group.dataset, **comparison.columns_of(each.group.value),
          **of_contrast(each)} for each in findings.contrasts]
    )  # fmt: skip
    table = Table("evidence", columns, rows, data, notes(findings))
    text = (
        f"Each {comparison.one_of_them} is compared with its reference seed by seed: the same seed "
        "means the same split and the same order of batches.",
    )
    return Section("evidence", "Evidence", text, tables=[table])


def p_cell(p: float) -> Number:
    """A p-value as `p_text` writes it."""
    return Number(p_text(p).removeprefix("= "), p)


def notes(findings: Findings) -> list[str]:
    """How to read the table."""
    equivalence = findings.question.equivalence
    count = findings.contrasts[0].comparisons
    bars = with_intervals(contrast.difference for contrast in findings.contrasts)
    together = f"all {count} comparisons" if count > 1 else "the one comparison"
    return [
        f"Difference: value minus reference{bars}. Better in: the share of pairs in which the "
        "value is better, ties counted half. p: two-sided Wilcoxon signed-rank test. p (Holm): the "
        "largest p against any setting of the worse of the two whose validation score is not "
        f"significantly below its best, corrected for {together}. Smallest p: the least p that so "
        "many pairs can give.",
        "Outcome: better or worse if the corrected p is at most 0.05 and the 95% confidence "
        "interval excludes zero; equivalent if the interval lies within the region of practical "
        f"equivalence, ±{equivalence:g} of accuracy or R² ({100 * equivalence:g} percentage points "
        f"of accuracy), ±{equivalence:.1%} of the reference's error or loss. Further seeds: the "
        "number that would detect a difference of just that size with a power of 80%.",
    ]
