"""Time to target: when runs first reach a validation score, and who is how often the fastest."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.group import Group
from nnbench.report.compare.outcomes import first_reached
from nnbench.report.statistics import median_with_lost

UNITS = ("epochs", "steps", "flops", "seconds")
"""Units of the time to a target."""

NEVER = (np.inf, 1.0)
"""The epoch that a run without one needs, and any last one."""


def target_of(groups: Sequence[Group], asked: float | None) -> float:
    """The validation score to be reached on a data set: as asked, or what half of the runs reach.

    The runs are those at the chosen settings. Where most failed it is half of the others; NaN
    if all were.
    """
    if asked is not None:
        return asked
    metric = groups[0].metric
    best = pd.concat([group.signed("best_validation") for group in groups])
    middle = median_with_lost(best)
    return metric.sign * (middle if np.isfinite(middle) else median_with_lost(best.dropna()))


def times(findings: Findings) -> pd.DataFrame:
    """A row for every compared run: data set, value, seed, target and what it took to reach it.

    Infinite for a run that never did, or failed: nobody would have stopped it in time. Columns:
    group (its place), dataset, seed, target and those of UNITS.
    """
    comparison = findings.comparison
    targets = {
        name: target_of(comparison.of(name), findings.question.target)
        for name in comparison.datasets
    }
    tables = []
    for place, group in enumerate(comparison.groups):
        target = targets[group.dataset]
        runs = group.runs
        epochs = pd.DataFrame(
            [first_epoch(findings, group, run_id, target) if status == "finished" else NEVER
             for run_id, status in zip(runs["run_id"], runs["status"], strict=True)],
            columns=["first", "last"], index=runs.index,
        )  # fmt: skip
        spent = findings.costs_of(group)[list(UNITS)].assign(epochs=epochs["last"])
        spent = spent.mul(epochs["first"] / epochs["last"], axis=0)
        table = spent.where(np.isfinite(epochs["first"]), np.inf).reset_index(drop=True)
        table.insert(0, "target", target)
        table.insert(0, "seed", runs["seed"].to_numpy())
        table.insert(0, "dataset", group.dataset)
        table.insert(0, "group", place)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def first_epoch(
    findings: Findings, group: Group, run_id: str, target: float
) -> tuple[float, float]:
    """The first epoch at which a run's validation score was at the target, and its last epoch.

    Infinite if it never was. The network before training doesn't count.
    """
    try:
        history = findings.histories[run_id]
        curve = history.curves[f"validation_{group.metric.name}"]
    except KeyError:
        return NEVER
    sign = group.metric.sign
    first = first_reached(sign * curve, sign * target)
    return (first, float(len(curve) - 1)) if np.isfinite(first) else NEVER


def ratios(times: pd.DataFrame, values: Sequence[Hashable], unit: str) -> pd.DataFrame:
    """Time to target as a multiple of the fastest value's, a row a problem and a column a value.

    A problem is a data set with a seed; those that not all values were given are left out. Infinite
    for a value that never got there. `times` has a column `value`, the place among the values.
    """
    table = times.pivot_table(
        index=["dataset", "seed"], columns="value", values=unit, aggfunc="first"
    )
    table = table.reindex(columns=range(len(values))).dropna()
    best = table.min(axis=1)
    return table.div(best.where(np.isfinite(best), 1.0), axis=0)


def solved(multiples: pd.Series, factor: float) -> float:
    """The share of problems that a value solves within a factor of the fastest."""
    return float((multiples <= factor * (1 + 1e-12)).mean())
