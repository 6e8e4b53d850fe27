"""The evidence for each difference: size, interval, test, and the seeds that it would take."""

import numpy as np
import pandas as pd

from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Number, count_cell, setting_cell, share_cell
from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.new_rows import interval_for_new_rows
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.compare.measure import SAME_TIME
from nnbench.report.export import of_contrast
from nnbench.report.statistics import smallest_p
from nnbench.report.text.numbers import difference_text, p_text, paired_text, seed_count_text


def make(findings: Findings) -> Section | None:
    """A row for every value beside its reference."""
    if not findings.contrasts:
        return None
    comparison = findings.comparison
    columns = [
        "Data set", *comparison.keys, "Reference", "Pairs", "Difference", "New rows",
        "Median difference", "Better in", "p", "p (Holm)", "Smallest p", "Outcome", "Further seeds",
    ]  # fmt: skip
    rows = [
        [
            contrast.group.dataset,
            *map(setting_cell, comparison.columns_of(contrast.group.value).values()),
            setting_cell(contrast.reference.value),
            count_cell(contrast.count),
            Number(
                paired_text(contrast.group.measure, contrast.difference), contrast.difference.mean
            ),
            new_rows_text(contrast),
            "diverged or failed"
            if np.isinf(contrast.median)
            else Number(difference_text(contrast.group.measure, contrast.median), contrast.median),
            share_cell(contrast.improvement),
            *map(p_cell, (contrast.p, contrast.p_holm, smallest_p(contrast.count))),
            contrast.outcome.value,
            Number(seed_count_text(contrast.more_seeds), contrast.more_seeds or np.nan),
        ]
        for contrast in findings.contrasts
    ]
    data = pd.DataFrame(
        [{"dataset": contrast.group.dataset, **comparison.columns_of(contrast.group.value),
          **of_contrast(contrast)} for contrast in findings.contrasts]
    )  # fmt: skip
    table = Table("evidence", columns, rows, data, notes(findings))
    text = (
        f"Each {comparison.one_of_them} is compared with its reference seed by seed: the same seed "
        "means the same split and the same order of batches.",
    )
    return Section("evidence", "Evidence", text, tables=[table])


def new_rows_text(contrast: Contrast) -> str:
    """The interval for new rows, where it is another."""
    ends = interval_for_new_rows(contrast)
    if ends is None or np.isnan(ends[0]):
        return "—"
    return " to ".join(difference_text(contrast.group.measure, end) for end in ends)


def p_cell(p: float) -> Number:
    """A p-value as `p_text` writes it."""
    return Number(p_text(p).removeprefix("= "), p)


def notes(findings: Findings) -> list[str]:
    """Notes on how to read the table."""
    equivalence = findings.question.equivalence
    has_intervals = with_intervals(contrast.difference for contrast in findings.contrasts)
    bars = ", with the interval that decides" if has_intervals else ""
    return [
        f"Difference: value minus reference{bars}. New rows: the 95% interval for new rows from "
        "the same source (Nadeau and Bengio 2003), where seeds split the same rows. Better in: the "
        "share of pairs in which the value is better, ties counted half. p: two-sided Wilcoxon "
        "signed-rank test, exact. p (Holm): corrected for all comparisons of the data set, unless "
        "the value comes after its trend in a fixed sequence. Smallest p: the least p that "
        "so many pairs can give.",
        "Outcome: better or worse if the corrected p is at most 0.05 and the interval of the "
        "difference excludes zero; equivalent if the interval lies within the region of practical "
        f"equivalence, ±{equivalence:g} of accuracy or R² ({100 * equivalence:g} percentage points "
        f"of accuracy), ±{equivalence:.1%} of the reference's error or loss, ±{SAME_TIME:.0%} of "
        "the reference's median time to a target; not comparable if the best settings of the worse "
        "one are not known. Further seeds: the number that would detect a difference of just that "
        "size with a power of 80%.",
    ]
