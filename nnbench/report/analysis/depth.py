"""What depth is worth: the best one with its interval, and what is lost in fitting and beyond it.

Expressible is not learnable (Malach & Shalev-Shwartz 2019): what a network does not even reach on
its training set is lost in optimisation, what it loses from there to the test set in
generalisation.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from nnbench.engine.arrays import Array
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.metric import Metric
from nnbench.report.statistics import (
    CONFIDENCE,
    FEWEST_PAIRS,
    RESAMPLES,
    Estimate,
    estimate,
    expanded,
)

TIED = 1e-9
"""Means that are nearer than this share of the best are the same number."""

EQUAL_SIZES = {"params": "parameters", "flops": "multiply-adds an example"}
"""Keys that ask for a size, and what they count."""


@dataclass(frozen=True)
class Optimum:
    """The best depth, and between which it lies when seeds are drawn again."""

    depth: int
    low: int | None
    high: int | None
    """Both None with fewer seeds than an interval needs."""
    share: float
    """Of resamples in which it was the best; NaN without an interval."""
    count: int
    """How many seeds all depths have in common."""
    equals: tuple[int, ...] = ()
    """All depths with that mean, the best itself among them."""


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


@dataclass(frozen=True)
class Series:
    """All depths of a data set and, where two keys are compared, of a value of the other."""

    dataset: str
    other: Hashable
    """Of the other key; None if there is none."""
    points: tuple[Point, ...]
    best: Optimum | None


def series(comparison: Comparison) -> list[Series]:
    """Those of several depths."""
    return [
        Series(name, other, tuple(map(point, groups)), optimum(groups))
        for name in comparison.datasets
        for other, groups in by_other(comparison, name).items()
        if len(groups) > 1
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


def optimum(groups: Sequence[Group]) -> Optimum | None:
    """The depth with the best mean test score, of groups of one data set in order of depth.

    A depth of which a run was lost is not it. Seeds are drawn together for all depths, since their
    runs share split and order of batches. None if there is nothing to choose between.
    """
    whole = [group for group in groups if not group.lost]
    if len(groups) < 2 or not whole:
        return None
    figures = pd.concat([group.signed("test") for group in whole], axis=1, join="inner")
    samples = figures.to_numpy(float).T
    count = samples.shape[1]
    if not count:
        return None
    are_best = best_ones(*samples, axis=-1)
    best = int(np.argmax(are_best))
    depth = depth_of(whole[best])
    equals = tuple(depth_of(group) for group, is_best in zip(whole, are_best, strict=True)
                   if is_best)  # fmt: skip
    if count < FEWEST_PAIRS:
        return Optimum(depth, None, None, np.nan, count, equals)
    if len(whole) == 1:
        return Optimum(depth, depth, depth, 1.0, count, equals)
    drawn = stats.bootstrap(
        tuple(samples),
        ends_of_best,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=expanded(CONFIDENCE, count),
        method="percentile",
        rng=np.random.default_rng(0),
    )
    # Between two positions there is no depth: the interval goes out to the next. Of several that
    # are equally good, it holds all.
    interval = drawn.confidence_interval
    low = int(np.floor(np.asarray(interval.low)[0]))
    high = int(np.ceil(np.asarray(interval.high)[1]))
    share = float((drawn.bootstrap_distribution[0] == best).mean())
    return Optimum(depth, depth_of(whole[low]), depth_of(whole[high]), share, count, equals)


def best_ones(*samples: Array, axis: int) -> Array:
    """Which of the samples have the highest mean."""
    means = np.stack([sample.mean(axis=axis) for sample in samples])
    highest = means.max(axis=0)
    return np.asarray(means >= highest - TIED * np.maximum(1.0, np.abs(highest)))


def ends_of_best(*samples: Array, axis: int) -> Array:
    """Positions of the first and the last of them."""
    are_best = best_ones(*samples, axis=axis)
    first, last = np.argmax(are_best, axis=0), len(samples) - 1 - np.argmax(are_best[::-1], axis=0)
    return np.stack([first, last]).astype(float)


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
