"""What depth is worth: those not worse than the best, and what is lost in fitting and beyond it.

Expressible is not learnable (Malach & Shalev-Shwartz 2019): what a network does not even reach on
its training set is lost in optimisation, what it loses from there to the test set in
generalisation.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnbench.report.analysis.best_sets import NotWorse
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.lines import Line, lines
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.metric import Metric
from nnbench.report.statistics import Estimate, estimate


@dataclass(frozen=True)
class Point:
    """What was reached at a depth, and what was lost where: means over seeds with intervals."""

    group: Group
    depth: int
    test: Estimate
    fitting: Estimate
    """How far the training figure is from perfect."""
    generalising: Estimate
    """How much worse the test figure is than the training figure."""
    train_loss: Estimate
    test_loss: float


@dataclass(frozen=True, eq=False)
class Series:
    """All depths of a data set and, where two keys are compared, of a value of the other."""

    line: Line
    points: tuple[Point, ...]
    best: NotWorse | None

    @property
    def dataset(self) -> str:
        """The data set of all of them."""
        return self.line.dataset

    @property
    def other(self) -> Hashable:
        """Of the other key; None if there is none."""
        return next(iter(self.line.others.values()), None)


def series(findings: Findings) -> list[Series]:
    """Those of several depths."""
    return [
        Series(line, tuple(map(point, line.groups)), findings.not_worse_of(line))
        for line in lines(findings.comparison, "depth")
    ]


def point(group: Group) -> Point:
    """The figures of one depth."""
    return Point(
        group,
        depth_of(group),
        test=estimate(group.figures("test"), group.metric.within),
        fitting=estimate(optimisation_gap(group)),
        generalising=estimate(group.gap),
        train_loss=estimate(losses(group, "best_train"), (0.0, np.inf)),
        test_loss=float(losses(group, "test").mean(skipna=False)),
    )


def depth_of(group: Group) -> int:
    """The depth of a group's runs."""
    return int(group.runs["depth"].iloc[0])


def optimisation_gap(group: Group) -> pd.Series:
    """How far the training figure is from perfect, by seed."""
    train = group.figures("best_train")
    return 1 - train if group.metric.sign > 0 else train


def losses(group: Group, part: str) -> pd.Series:
    """The loss on a set (best_train, test) by seed; NaN where a run has none."""
    return Metric("loss").figures(group.runs, part).set_axis(group.runs["seed"])


def by_other(comparison: Comparison, dataset: str) -> dict[Hashable, list[Group]]:
    """Value of the other compared key → the groups that have it by depth; None if there is none."""
    found: dict[Hashable, list[Group]] = {}
    for group in sorted(comparison.of(dataset), key=depth_of):
        found.setdefault(other_of(comparison, group), []).append(group)
    return found


def other_of(comparison: Comparison, group: Group) -> Hashable:
    """The group's value of the compared key that isn't depth, if there is one."""
    values = comparison.columns_of(group.value)
    return next((value for key, value in values.items() if key != "depth"), None)


def other_key(comparison: Comparison) -> str:
    """The compared key that isn't depth, or nothing."""
    return next((key for key in comparison.keys if key != "depth"), "")
