"""Gain by depth: depths not worse than the best, and the fitting and the generalization gap.

Expressible is not learnable (Malach & Shalev-Shwartz 2019): the fitting gap is what a network does
not even reach on its training set, the generalization gap what it loses from there to the test set.
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
    """Scores reached at a depth, with both gaps: means over seeds with intervals."""

    group: Group
    depth: int
    test: Estimate
    fitting_gap: Estimate
    """Distance of the training score from perfect."""
    generalization_gap: Estimate
    """Training score minus test score, in the direction of better."""
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
        """Value of the other key; None if there is none."""
        return next(iter(self.line.others.values()), None)


def series(findings: Findings) -> list[Series]:
    """Series of several depths."""
    return [
        Series(line, tuple(map(point, line.groups)), findings.not_worse_of(line))
        for line in lines(findings.comparison, "depth")
    ]


def point(group: Group) -> Point:
    """The scores of one depth."""
    return Point(
        group,
        depth_of(group),
        test=estimate(group.scores("test"), group.metric.within),
        fitting_gap=estimate(optimisation_gap(group)),
        generalization_gap=estimate(group.gap),
        train_loss=estimate(losses(group, "best_train"), (0.0, np.inf)),
        test_loss=float(losses(group, "test").mean(skipna=False)),
    )


def depth_of(group: Group) -> int:
    """The depth of a group's runs."""
    return int(group.runs["depth"].iloc[0])


def optimisation_gap(group: Group) -> pd.Series:
    """Distance of the training score from perfect, by seed."""
    train = group.scores("best_train")
    return 1 - train if group.metric.sign > 0 else train


def losses(group: Group, split: str) -> pd.Series:
    """The loss on a set (best_train, test) by seed; NaN where a run has none."""
    return Metric("loss").scores(group.runs, split).set_axis(group.runs["seed"])


def by_other(comparison: Comparison, dataset: str) -> dict[Hashable, list[Group]]:
    """Value of the other compared key → the groups that have it by depth; None if there is none."""
    groups: dict[Hashable, list[Group]] = {}
    for group in sorted(comparison.of(dataset), key=depth_of):
        groups.setdefault(other_of(comparison, group), []).append(group)
    return groups


def other_of(comparison: Comparison, group: Group) -> Hashable:
    """The group's value of the compared key that isn't depth, if there is one."""
    values = comparison.columns_of(group.value)
    return next((value for key, value in values.items() if key != "depth"), None)


def other_key(comparison: Comparison) -> str:
    """The compared key that isn't depth, or nothing."""
    return next((key for key in comparison.keys if key != "depth"), "")
