"""Tuned and untuned settings: the gain of tuning, and whether it went far enough."""

from collections.abc import Sequence

import pandas as pd

from nnbench.options import catalogue
from nnbench.pages.formatting import count_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Cell, Number, count_cell, setting_cell
from nnbench.report.analysis.contrasts import ALPHA, Contrast, Outcome, contrast, corrected
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.inclusion import checks, included, name_of
from nnbench.report.analysis.untuned import default_group, settings_text, varied
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.charts.tuning import tuning_figure
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.sections.comparison import score_cell
from nnbench.report.sections.evidence import p_cell
from nnbench.report.statistics import fewest_pairs, smallest_p
from nnbench.report.text.commands import command_without
from nnbench.report.text.numbers import difference_text, paired_text

VERDICTS = {
    Outcome.WORSE: "under-tuned",
    Outcome.BETTER: "as expected",
    Outcome.EQUIVALENT: "as expected",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NOT_COMPARABLE: "too few seeds",
}
"""Outcome of the inclusion check → its label for the general optimizer."""


def make(findings: Findings) -> Section | None:
    """The gain of tuned over default settings, for components that were tuned."""
    comparison = findings.comparison
    components = {key for key in comparison.keys if catalogue.names(key)}
    if not components or not comparison.nuisances:
        return None
    pairs = [(group, default_group(comparison, group)) for group in comparison.groups]
    tunings = corrected([
        contrast(untuned, group, findings.question.equivalence) for group, untuned in pairs
        if untuned is not None
    ])  # fmt: skip
    missing = [group for group, untuned in pairs if untuned is None]
    text, commands = [*summary(comparison, tunings)], []
    if missing:
        text.append(
            f"The default {', '.join(varied(comparison))} was not run for "
            f"{named(comparison, missing)}, so the gain of tuning is unknown."
        )
        untuned_command = command_without(
            findings.question.command, "search", *varied(comparison)
        )  # fmt: skip
        if untuned_command != findings.question.command:
            text[-1] += " This command runs it:"
            commands.append(untuned_command)
    charts = [*tuning_figure(comparison, tunings)]
    tables = [tuning_table(comparison, tunings)] if tunings else []
    inclusions = checks(comparison, findings.question.equivalence)
    if inclusions:
        tables.append(inclusion_table(comparison, inclusions))
    title = "Tuned and untuned"
    return Section("optimizers", title, text, commands=commands, tables=tables, figures=charts)


def named(comparison: Comparison, groups: Sequence[Group]) -> str:
    """Values, without the data sets that they are on."""
    values = {group.value for group in groups}
    return ", ".join(comparison.named(value) for value in comparison.values if value in values)


def summary(comparison: Comparison, tunings: Sequence[Contrast]) -> list[str]:
    """The gain of tuning, in words."""
    if not tunings:
        return []
    definition = (
        f"Untuned: nnbench's default {', '.join(varied(comparison))}. Tuned: chosen on the "
        "validation set, by all seeds together."
    )
    better = [
        tuning for tuning in tunings
        if (tuning.median if tuning.lost else tuning.difference.mean)
        * tuning.group.measure.sign > 0
    ]  # fmt: skip
    gains, harms = ([tuning for tuning in tunings if tuning.outcome is outcome]
                    for outcome in (Outcome.BETTER, Outcome.WORSE))  # fmt: skip
    sentence = (
        f"The tuned setting is better in {len(better)} of {count_text(len(tunings), 'case')}: "
        f"significantly better (Holm-corrected) in {len(gains) or 'none'}"
        f"{most(comparison, gains)}, significantly worse in {len(harms) or 'none'}"
        f"{most(comparison, harms)}."
    )
    fewest = min(tuning.count for tuning in tunings)
    if smallest_p(fewest) * len(tunings) > ALPHA:
        sentence += (
            f" With {count_text(fewest, 'seed')} no difference can be significant: so many "
            f"comparisons need at least {fewest_pairs(len(tunings))}."
        )
    return [definition, sentence]


def most(comparison: Comparison, contrasts: Sequence[Contrast]) -> str:
    """The largest of some differences, in brackets; empty if there are none."""
    contrasts = [contrast for contrast in contrasts if not contrast.lost]
    if not contrasts:
        return ""
    largest = max(contrasts, key=lambda contrast: abs(contrast.difference.mean))
    size = difference_text(largest.group.measure, abs(largest.difference.mean), sign=False)
    return (
        f" (most: {size}{largest.group.measure.unit}, {comparison.named(largest.group.value)} on "
        f"{largest.group.dataset})"
    )


def tuning_table(comparison: Comparison, tunings: Sequence[Contrast]) -> Table:
    """A row for every group of which the defaults were run."""
    rows, data = [], []
    for row in tunings:
        tuned, untuned = row.group, row.reference
        texts = [settings_text(group) for group in (untuned, tuned)]
        values = [group.scores("test") for group in (untuned, tuned)]
        rows.append(
            [
                tuned.dataset,
                setting_cell(tuned.value),
                *(score_cell(group, "test") for group in (untuned, tuned)),
                difference_cell(row),
                count_cell(tuned.settings),
                *texts,
            ]
        )  # fmt: skip
        data.append(
            {
                "dataset": tuned.dataset,
                **comparison.columns_of(tuned.value),
                "untuned": values[0].mean(skipna=False),
                "tuned": values[1].mean(skipna=False),
                "difference": row.difference.mean,
                "low": row.difference.low,
                "high": row.difference.high,
                "pairs": row.count,
                "settings": tuned.settings,
                "untuned_setting": texts[0],
                "tuned_setting": texts[1],
            }
        )
    columns = ["Data set", comparison.compare, "Untuned", "Tuned", "Tuned − untuned",
               "Settings tried", "Untuned setting", "Tuned setting"]  # fmt: skip
    bars = with_intervals(tuning.difference for tuning in tunings)
    notes = [
        f"Mean test scores over seeds{bars}; intervals hold for each row alone, differences are "
        "paired by seed."
    ]
    return Table("tuning", columns, rows, pd.DataFrame(data), notes, folded=len(rows) > 12)


def difference_cell(tuning: Contrast) -> Cell:
    """A paired difference with its interval; none if runs diverged or failed."""
    if tuning.lost:
        return "diverged or failed"
    return Number(paired_text(tuning.group.measure, tuning.difference), tuning.difference.mean)


def inclusion_table(comparison: Comparison, inclusions: Sequence[Contrast]) -> Table:
    """A row for every optimizer beside one that it includes."""
    rows, data = [], []
    for inclusion in sorted(inclusions, key=lambda contrast: contrast.outcome is not Outcome.WORSE):
        general, special = inclusion.group, inclusion.reference
        how = included(name_of(comparison, general))[name_of(comparison, special)]
        rows.append(
            [
                general.dataset,
                setting_text(general.value),
                f"{setting_text(special.value)} ({how})",
                difference_cell(inclusion),
                *map(p_cell, (inclusion.p, inclusion.p_holm)),
                VERDICTS[inclusion.outcome],
            ]
        )
        data.append(
            {
                "dataset": general.dataset,
                "general": setting_text(general.value),
                "special": setting_text(special.value),
                "difference": inclusion.difference.mean,
                "low": inclusion.difference.low,
                "high": inclusion.difference.high,
                "p": inclusion.p,
                "p_holm": inclusion.p_holm,
                "shows": VERDICTS[inclusion.outcome],
            }
        )
    columns = ["Data set", comparison.compare, "Includes", "Difference", "p", "p (Holm)", "Outcome"]
    notes = [
        "The inclusion check (Choi et al. 2019): an optimizer that becomes another at some of its "
        "settings is never worse than it once it is tuned enough. One that is worse, with a "
        "Holm-corrected p of at most 0.05, is under-tuned: its comparisons say little."
    ]
    return Table("inclusion", columns, rows, pd.DataFrame(data), notes, folded=len(rows) > 12)
