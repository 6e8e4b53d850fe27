"""Depth in detail: the best one on each data set, and the gap that limits it."""

from collections.abc import Sequence

import pandas as pd

from nnbench.pages import figures
from nnbench.pages.formatting import setting_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Number, count_cell, metric_cell, setting_cell, share_cell
from nnbench.report.analysis.depth import Series, other_key, series
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.axis_and_colour import undrawn_text
from nnbench.report.charts.depth import charts
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import Estimate
from nnbench.report.text.comparison import size_text
from nnbench.report.text.numbers import and_text, paired_text
from nnbench.report.text.trends import not_worse_text

GAPS = (
    "A network that can express a function need not find it (Malach & Shalev-Shwartz 2019). The "
    "distance from a perfect score therefore has two components. The fitting gap is how far the "
    "training score is from perfect; the generalization gap is how much worse the test score is "
    "than the training score. A depth with a large fitting gap is hard to train; one with a large "
    "generalization gap overfits."
)
"""Meaning of both gaps."""

SAID = 12
"""Best depths that have a sentence; the table has all."""


def make(findings: Findings, datasets: int = 8) -> Section | None:
    """The effect of depth on each data set, of which so many are drawn.

    None if depth was not compared, had one value, or no run finished.
    """
    comparison = findings.comparison
    is_lost = all(group.lost == len(group.runs) for group in comparison.groups)
    if "depth" not in comparison.keys or is_lost:
        return None
    all_series = series(findings)
    if not all_series:
        return None
    size = size_text(comparison)
    drawn = list(dict.fromkeys(of_data.dataset for of_data in all_series))
    panels = [
        chart
        for name in drawn[:datasets]
        for chart in charts(
            comparison, [of_data for of_data in all_series if of_data.dataset == name]
        )
    ]
    text = [
        GAPS,
        *[
            not_worse_text(of_data.best, of_data.line, comparison)
            for of_data in all_series
            if of_data.best
        ][:SAID],
    ]
    bars = with_intervals(point.test for of_data in all_series for point in of_data.points)
    has_best_sets = any(of_data.best and of_data.best.has_enough_seeds for of_data in all_series)
    medium = "; depths with medium-sized points are not worse than it" if has_best_sets else ""
    caption = (
        f"Depth {size}. Means over seeds{bars}, at each run's best validation epoch. Fitting gap: "
        "distance of the training score from perfect. Generalization gap: how much worse the test "
        f"score is than the training score. The largest point is the depth with the best mean test "
        f"score{medium}. A depth at which runs diverged or failed has no mean, so no point."
    )
    key = other_key(comparison)
    if key:
        caption += undrawn_text(comparison, key)
    if len(drawn) > datasets:
        caption += f" The first {datasets} of {len(drawn)} data sets; the tables have all."
    figure = figures.Figure("depth", caption, panels, panels_a_row=3, clickable=bool(key))
    tables = [table(comparison, all_series), best_table(comparison, all_series)]
    return Section(
        "depth", f"Depth {size}", text, tables=tables, figures=[figure] if panels else []
    )


def table(comparison: Comparison, all_series: Sequence[Series]) -> Table:
    """Both losses and both gaps by depth."""
    key = other_key(comparison)
    columns = ["Data set", *([key] if key else []), "depth", "Training loss", "Test loss"]
    # The test score and the generalization gap stand in the table of the comparison.
    columns += ["Fitting gap"]
    rows, data = [], []
    for of_data in all_series:
        named = {key: of_data.other} if key else {}
        for point in of_data.points:
            metric = point.group.metric
            means = (point.train_loss.mean, point.test_loss)
            rows.append(
                [of_data.dataset, *map(setting_cell, named.values()), count_cell(point.depth),
                 *(metric_cell("loss", mean) for mean in means),
                 Number(paired_text(metric, point.fitting_gap), point.fitting_gap.mean)]
            )  # fmt: skip
            data.append(
                {"dataset": of_data.dataset, **named, "depth": point.depth, "metric": metric.name,
                 "train_loss": point.train_loss.mean, "test_loss": point.test_loss,
                 **numbers("test", point.test), **numbers("fitting_gap", point.fitting_gap),
                 **numbers("generalization_gap", point.generalization_gap)}
            )  # fmt: skip
    bars = with_intervals(point.test for of_data in all_series for point in of_data.points)
    note = (
        f"Means over seeds{bars}; gaps of accuracy in percentage points (pp). A depth at which "
        "runs diverged or failed has none. Losses are those at each run's best validation epoch."
    )
    return Table("depth", columns, rows, pd.DataFrame(data), [note])


def numbers(name: str, interval: Estimate) -> dict[str, float]:
    """An estimate as cells of a file."""
    return {
        f"{name}_mean": interval.mean,
        f"{name}_low": interval.low,
        f"{name}_high": interval.high,
    }


def best_table(comparison: Comparison, all_series: Sequence[Series]) -> Table:
    """The depths of each data set that are not worse than the best."""
    key = other_key(comparison)
    columns = ["Data set", *([key] if key else []), "Best depth", "Not worse than the best"]
    columns += ["Share of resamples", "Pairs"]
    rows, data = [], []
    for of_data in all_series:
        named, best = {key: of_data.other} if key else {}, of_data.best
        row = [of_data.dataset, *map(setting_cell, named.values())]
        if best is None:
            rows.append([*row, "—", "—", "—", "—"])
            data.append({"dataset": of_data.dataset, **named})
            continue
        depth, share = of_data.line.value_of(best.best), best.shares[best.best]
        members = and_text([setting_text(of_data.line.value_of(own)) for own in best.members])
        rows.append(
            [*row, setting_cell(depth), members if best.has_enough_seeds else "—",
             share_cell(share), count_cell(best.seeds)]
        )  # fmt: skip
        data.append(
            {"dataset": of_data.dataset, **named, "depth": depth, "not_worse": members,
             "share": share, "count": best.seeds}
        )  # fmt: skip
    measure = comparison.groups[0].measure
    note = (
        f"Best depth: the depth with the best {'median' if measure.is_time else 'mean'} of "
        f"{measure.title}, of equal ones the first; runs that "
        f"diverged or failed count {measure.lost_text}. Not worse than the best: all depths that "
        "are truly the best are among these in 95% of experiments, with settings chosen again in "
        "each resample of the seeds (multiple comparisons with the best, Hsu 1984). Share of "
        "resamples: of those in which the depth was the best."
    )
    return Table("best-depth", columns, rows, pd.DataFrame(data), [note])
