"""Depth in detail: the best one on each data set, and whether fitting or generalising limits it."""

from collections.abc import Hashable, Sequence

import pandas as pd

from nnbench.pages import figures
from nnbench.pages.cells import Number, count_cell, metric_cell, setting_cell, share_cell
from nnbench.pages.formatting import count_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.report.analysis.depth import (
    Optimum,
    Series,
    by_other,
    depth_of,
    other_key,
    series,
)
from nnbench.report.analysis.findings import Findings
from nnbench.report.charts.axis_and_colour import undrawn_text
from nnbench.report.charts.depth import charts
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import Estimate
from nnbench.report.text.comparison import size_text
from nnbench.report.text.numbers import and_text, estimate_text, paired_text

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
    found = series(comparison)
    if not found:
        return None
    size = size_text(comparison)
    drawn = list(dict.fromkeys(each.dataset for each in found))
    panels = [
        chart
        for name in drawn[:datasets]
        for chart in charts(comparison, [each for each in found if each.dataset == name])
    ]
    text = [
        "A network that can express a function need not find it (Malach & Shalev-Shwartz 2019). "
        "The distance from a perfect score therefore has two components. The fitting gap is how "
        "far the training score is from perfect; the generalization gap is how much worse the test "
        "score is than the training score. A depth with a large fitting gap is hard to train; one "
        "with a large generalization gap overfits.",
        *[sentence(comparison, each.dataset, each.other, each.best) for each in found if each.best][
            :SAID
        ],
    ]
    bars = with_intervals(point.test for of_data in found for point in of_data.points)
    known = any(of_data.best and of_data.best.low is not None for of_data in found)
    medium = "; medium-sized points lie within its 95% confidence interval" if known else ""
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
    tables = [table(comparison, found), optima(comparison, found)]
    return Section(
        "depth", f"Depth {size}", text, tables=tables, figures=[figure] if panels else []
    )


def sentence(comparison: Comparison, dataset: str, other: Hashable, found: Optimum) -> str:
    """The best depth of a data set, in words."""
    key = other_key(comparison)
    where = f"On {dataset}" + (f" with {key} {setting_text(other)}" if key else "")
    seeds = count_text(found.count, "paired seed")
    if found.low is None:
        evidence = f"{seeds}, too few for an interval"
    elif len(found.equals) > 1:
        evidence = f"95% interval {found.low} to {found.high}, {seeds}"
    elif found.low == found.high:
        evidence = f"95% interval: {found.depth} alone, {seeds}"
    else:
        evidence = (
            f"95% interval {found.low} to {found.high}, the best in {found.share:.0%} of "
            f"resamples, {seeds}"
        )
    if len(found.equals) > 1:
        return f"{where} the best mean is the same at depth {equals_text(found)} ({evidence})."
    deepest = max(map(depth_of, by_other(comparison, dataset)[other]))
    edge = "; it is the deepest that was tried" if found.depth == deepest else ""
    return f"{where} the best mean is at depth {found.depth} ({evidence}){edge}."


def equals_text(found: Optimum) -> str:
    """The best depth, or all that are equally good."""
    return and_text(list(map(str, found.equals)))


def table(comparison: Comparison, found: Sequence[Series]) -> Table:
    """Both losses and both gaps by depth."""
    key = other_key(comparison)
    columns = ["Data set", *([key] if key else []), "depth", "Training loss", "Test loss", "Test"]
    columns += ["Fitting gap", "Generalization gap"]
    rows, data = [], []
    for each in found:
        named = {key: each.other} if key else {}
        for point in each.points:
            metric = point.group.metric
            means = (point.train_loss.mean, point.test_loss)
            rows.append(
                [each.dataset, *map(setting_cell, named.values()), count_cell(point.depth),
                 *(metric_cell("loss", mean) for mean in means),
                 Number(estimate_text(metric, point.test), point.test.mean),
                 *(Number(paired_text(metric, gap), gap.mean)
                   for gap in (point.fitting, point.generalising))]
            )  # fmt: skip
            data.append(
                {"dataset": each.dataset, **named, "depth": point.depth, "metric": metric.name,
                 "train_loss": point.train_loss.mean, "test_loss": point.test_loss,
                 **numbers("test", point.test), **numbers("fitting", point.fitting),
                 **numbers("generalising", point.generalising)}
            )  # fmt: skip
    bars = with_intervals(point.test for of_data in found for point in of_data.points)
    note = (
        f"Means over seeds{bars}; gaps of accuracy in percentage points (pp). A depth at which "
        "runs diverged or failed has none. Losses are those at each run's best validation epoch."
    )
    return Table("depth", columns, rows, pd.DataFrame(data), [note])


def numbers(name: str, found: Estimate) -> dict[str, float]:
    """An estimate as cells of a file."""
    return {f"{name}_mean": found.mean, f"{name}_low": found.low, f"{name}_high": found.high}


def optima(comparison: Comparison, found: Sequence[Series]) -> Table:
    """The best depth of each data set."""
    key = other_key(comparison)
    columns = ["Data set", *([key] if key else []), "Best depth", "95% CI", "Share of resamples"]
    columns.append("Pairs")
    rows, data = [], []
    for each in found:
        named, best = {key: each.other} if key else {}, each.best
        row = [each.dataset, *map(setting_cell, named.values())]
        if best is None:
            rows.append([*row, "—", "—", "—", "—"])
            data.append({"dataset": each.dataset, **named})
            continue
        interval = "—" if best.low is None else f"{best.low} to {best.high}"
        if best.low is not None and best.low == best.high:
            interval = f"{best.low} alone"
        rows.append(
            [*row, Number(equals_text(best), best.depth),
             interval if best.low is None else Number(interval, best.low),
             share_cell(best.share), count_cell(best.count)]
        )  # fmt: skip
        equals = {"equals": equals_text(best)}
        data.append({"dataset": each.dataset, **named, **vars(best), **equals})
    note = (
        "Best depth: the depth with the best mean test score, at settings that the other half of "
        "the seeds chose; several if they are equal, and never one at which a run diverged or "
        "failed. 95% CI: bootstrap, widened for few seeds; all depths keep their common seeds and "
        "chosen settings, so it ignores the uncertainty of choosing them, which the verdicts "
        "include."
    )
    return Table("best-depth", columns, rows, pd.DataFrame(data), [note])
