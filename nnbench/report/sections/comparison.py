"""The comparison as a table: a row for every data set and value."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nnbench.pages.formatting import metric_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Cell, Number, count_cell, metric_cell, setting_cell
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.compare.chance import chance_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import PREFIXES, Group
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.reference import EQUAL_SIZES
from nnbench.report.statistics import estimate
from nnbench.report.text.numbers import cost_text, estimate_text, paired_text
from nnbench.report.text.tuning import failed_text, weighted_text


def make(findings: Findings) -> Section:
    """Runs, size, scores on the three sets and the generalization gap of every group."""
    title = "Shallow versus deep" if findings.comparison.keys == ("depth",) else "Comparison"
    return Section("comparison", title, tables=[table(findings)])


def table(findings: Findings) -> Table:
    """A row for every group."""
    comparison = findings.comparison
    columns = ["Data set", *comparison.keys, *comparison.nuisances]
    # What was drawn together with others has no column of its own, since there may be many.
    is_failed = any((group.candidates.lost > 0).any() for group in comparison.groups)
    together = ["Other settings"] if any(group.along for group in comparison.groups) else []
    columns += [
        *together,
        "Runs",
        "Diverged or failed",
        *(["Settings with failures"] if is_failed else []),
        "Parameters",
        "Training",
        "Validation",
        "Test",
    ]
    columns += ["Median", "IQM", "Generalization gap"]
    columns += own_titles(comparison)
    best = {
        group: group in best_set.members
        for best_set in findings.not_worse
        for group in best_set.groups
    }
    columns += ["Not worse than the best"] if best else []
    rows = [[*cells(comparison, group, together, is_failed=is_failed), *best_cells(best, group)]
            for group in comparison.groups]  # fmt: skip
    data = pd.DataFrame(
        [{**record(comparison, group), "not_worse": best.get(group)}
         for group in comparison.groups]
    )  # fmt: skip
    return Table("comparison", columns, rows, data, notes(findings), pinned=1)


def best_cells(best: Mapping[Group, bool], group: Group) -> list[Cell]:
    """The mark of a group that is not worse than the best; none if no group has one."""
    if not best:
        return []
    return [{True: "yes", False: "no", None: "—"}[best.get(group)]]


def cells(
    comparison: Comparison, group: Group, together: Sequence[str], *, is_failed: bool
) -> list[Cell]:
    """The row of a group, as the page has it; `is_failed` if settings of any group failed."""
    gap = estimate(group.gap)
    parameters = max(group.sizes, default=None)
    middle = group.median("test"), group.interquartile_mean("test")
    return [
        group.dataset,
        *value_cells(comparison, group),
        *(chosen_cell(group, key) for key in group.chosen),
        *(along_text(group) for _ in together),
        count_cell(len(group.runs)),
        count_cell(group.lost),
        *([failed_text(group)] if is_failed else []),
        count_cell(parameters) if parameters else "—",
        *(score_cell(group, column) for column in PREFIXES.values()),
        *(metric_cell(group.metric.name, score) for score in middle),
        Number(paired_text(group.metric, gap), gap.mean),
        *own_cells(comparison, group),
    ]


def value_cells(comparison: Comparison, group: Group) -> list[Cell]:
    """The compared values of a group, marked if they are a demonstration."""
    *first, last = map(setting_cell, comparison.columns_of(group.value).values())
    return [*first, last if comparison.competes(group) else f"{last} (demonstration)"]


def own_titles(comparison: Comparison) -> list[str]:
    """Titles of the columns of outcome measures that no other column has; usually none."""
    measures = dict.fromkeys(group.measure for group in comparison.groups)
    titles = [measure.title for measure in measures if has_own_column(measure)]
    return [title[0].upper() + title[1:] for title in titles]


def has_own_column(measure: Measure) -> bool:
    """True unless the columns of every comparison have the measure."""
    return not (measure.is_usual or measure.is_gap)


def own_cells(comparison: Comparison, group: Group) -> list[Cell]:
    """The outcome of a group in the column of its measure."""
    measures = dict.fromkeys(group.measure for group in comparison.groups)
    return [
        outcome_cell(group) if measure == group.measure else "—"
        for measure in measures if has_own_column(measure)
    ]  # fmt: skip


def outcome_cell(group: Group) -> Cell:
    """The outcome of a group: a mean, or of times the median and how many seeds reached it."""
    if group.measure.is_time:
        of_all = f"{group.reached} of {group.tuned.per_seed.size}"
        return Number(f"{cost_text(group.typical)} ({of_all} reached it)", group.typical)
    if group.lost:
        return Number("—", np.nan)
    mean = estimate(group.values, group.measure.within)
    return Number(estimate_text(group.metric, mean), mean.mean)


def chosen_cell(group: Group, key: str) -> Cell:
    """The chosen values of a nuisance, sorted by the first one."""
    cell = setting_cell(group.chosen[key])
    text = weighted_text(group, key)
    return Number(text, cell.value) if isinstance(cell, Number) else text


def record(comparison: Comparison, group: Group) -> dict[str, object]:
    """The row of a group, as files of the report have it."""
    settings = {**group.chosen, **group.along}
    return {
        "dataset": group.dataset,
        **comparison.columns_of(group.value),
        **{key: setting_text(values) for key, values in settings.items()},
        "runs": len(group.runs),
        "lost": group.lost,
        "n_params": max(group.sizes, default=None),
        "metric": group.metric.name,
        **{
            f"{split}_{name}": getattr(estimate(group.scores(column), group.metric.within), name)
            for split, column in PREFIXES.items()
            for name in ("mean", "low", "high")
        },
        "test_median": group.median("test"),
        "test_iqm": group.interquartile_mean("test"),
        "gap": estimate(group.gap).mean,
        "chance": chance_of(group.runs, group.metric),
        "above_chance": is_above_chance(group),
        "competes": comparison.competes(group),
        "outcome": group.measure.name,
        "outcome_value": group.typical,
        "reached": group.reached if group.measure.is_time else None,
    }


def along_text(group: Group) -> str:
    """The values of keys that varied along with the nuisances, at the chosen setting."""
    return ", ".join(
        f"{key.rpartition('.')[2]}={setting_text(value)}" for key, value in group.along.items()
    )


def notes(findings: Findings) -> list[str]:
    """Notes on how to read the table."""
    groups = findings.comparison.groups
    test = (estimate(group.scores("test"), group.metric.within) for group in groups)
    lines = [
        f"Means over seeds{with_intervals(test)}. Accuracy is in per cent, its differences in "
        "percentage points (pp). IQM: the mean of the middle half of the runs. Generalization gap: "
        "how much worse the test score is than the training score."
    ]
    if any(is_above_chance(group) is False for group in groups):
        lines.append("(chance): not above the score of a constant prediction.")
    if not all(map(findings.comparison.competes, groups)):
        lines.append(
            "(demonstration): shown, and compared with nothing, so that the others lose no power."
        )
    if any(group.candidates.lost.size > 1 for group in groups):
        lines.append(
            "Scores here are those of the chosen setting. The verdict compares other ones: each "
            "value's test score averaged over settings by the share of resamples of the seeds that "
            "chose each, which is given where there are several."
        )
    targets = dict.fromkeys(group.measure for group in groups if group.measure.is_time)
    lines += [
        f"{measure.title.capitalize()}: until {measure.target_text}; the median over seeds, each "
        "at the setting that the other half of the seeds chose."
        for measure in targets
    ]
    runs = pd.concat([group.runs for group in groups])
    asked = runs.reindex(columns=list(EQUAL_SIZES)).notna().any(axis=1)
    off = pd.to_numeric(runs["size_residual"]).abs().max() if "size_residual" in runs else np.nan
    if not np.isnan(off):
        lines.append(
            f"{'All' if asked.all() else 'Some'} runs have a target size; rounding to whole units "
            f"leaves them off by at most {off:.1%}."
        )
    if any(group.lost for group in groups):
        lines.append(
            "Where runs of the chosen setting diverged or failed, scores are medians (marked ~), "
            "for which such a run is the worst; in the verdict it counts "
            f"{groups[0].measure.lost_text}."
        )
    return lines


def score_cell(group: Group, split: str) -> Cell:
    """A mean with its interval, or the median where runs diverged or failed."""
    if group.lost:
        median = group.median(split)
        return Number(f"~ {metric_text(group.metric.name, median)}", median)
    mean = estimate(group.scores(split), group.metric.within)
    mark = " (chance)" if split == "test" and is_above_chance(group) is False else ""
    return Number(estimate_text(group.metric, mean) + mark, mean.mean)
