"""Expected score of the best of k settings, were fewer of them tried (Dodge et al. 2019).

With the estimator of Tang et al. 2020, which is unbiased: it draws settings without replacement.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.compare.budgets import cells
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import FEWEST_PAIRS, intervals

FEWEST_SETTINGS = 3
"""Fewest settings whose course is shown."""


@dataclass(frozen=True, eq=False)
class Course:
    """The expected score of one group by the number of settings tried, from 1 on."""

    group: Group
    mean: Array
    low: Array
    """The ends of its 95% interval over seeds; NaN for few seeds."""
    high: Array
    seeds: int


@dataclass(frozen=True)
class Lead:
    """A stretch of numbers of settings in which one value is the best."""

    first: int
    last: int
    value: Hashable
    level: tuple[Hashable, ...]
    """Values whose band overlaps its own somewhere in it."""


@cache
def shares(count: int) -> Array:
    """Probability that each of `count` settings, the worst first, is the best of those drawn.

    A row for each number of settings drawn: C(i−1, k−1) / C(count, k).
    """
    # Whose import takes half a second, for a section that few reports have.
    from scipy import stats

    drawn, places = np.arange(1, count + 1)[:, None], np.arange(count + 1)
    # That all that are drawn are among the worst so many.
    within = stats.hypergeom.pmf(drawn, count, places, drawn)
    return np.diff(within, axis=1)


def expected_best(validation: Array, test: Array) -> Array:
    """The expected test score of the setting that is best on validation, of 1, 2, … drawn.

    Both are of one seed, with a score for each setting, higher for better. Settings that are
    equally good on validation are as likely to be taken.
    """
    level = pd.Series(test).groupby(validation).transform("mean").to_numpy()
    return shares(len(test)) @ level[np.argsort(validation)]  # type: ignore[no-any-return]


def courses(comparison: Comparison, dataset: str) -> list[Course]:
    """A course for every group of a data set that has enough settings."""
    groups = comparison.of(dataset)
    runs = comparison.runs[comparison.runs["dataset"] == dataset]
    test = groups[0].metric.signed(runs, "test")
    if not test.notna().any():
        return []
    curves = (course(comparison, group, test.fillna(test.min())) for group in groups)
    return [curve for curve in curves if curve is not None]


def course(comparison: Comparison, group: Group, test: pd.Series) -> Course | None:
    """The course of one group; None with too few settings.

    `test` has the signed score of every run of the data set, also of those that failed.
    """
    settings = list(cells(group.tried, comparison.nuisances).values())
    if len(settings) < FEWEST_SETTINGS:
        return None
    numbers = np.empty(len(group.tried), int)
    for number, rows in enumerate(settings):
        numbers[rows] = number
    runs = group.tried.assign(
        test=test,
        validation=group.metric.signed(group.tried, "best_validation").fillna(-np.inf),
        setting=numbers,
    )
    table = runs.pivot(index="seed", columns="setting", values=["validation", "test"])
    pairs = zip(table["validation"].to_numpy(), table["test"].to_numpy(), strict=True)
    scores = group.metric.sign * np.array([expected_best(*pair) for pair in pairs])
    return Course(group, scores.mean(axis=0), *band(scores), len(scores))


def band(values: Array) -> tuple[Array, Array]:
    """The ends of the interval of each column's mean; NaN for few rows."""
    if len(values) < FEWEST_PAIRS:
        nothing = np.full(values.shape[1], np.nan)
        return nothing, nothing
    return intervals(values)


def leads(curves: Sequence[Course]) -> Iterator[Lead]:
    """The best value for each number of settings that all have, in stretches."""
    if len(curves) < 2:
        return
    sign = curves[0].group.metric.sign
    common = min(len(curve.mean) for curve in curves)
    means = sign * np.array([curve.mean[:common] for curve in curves])
    leaders = means.argmax(axis=0)
    for leader, places in groupby(range(common), key=lambda place: leaders[place]):
        stretch = list(places)
        best = curves[leader]
        level = tuple(
            other.group.value for other in curves
            if other is not best and any(overlap(best, other, place) for place in stretch)
        )  # fmt: skip
        yield Lead(stretch[0] + 1, stretch[-1] + 1, best.group.value, level)


def overlap(first: Course, other: Course, place: int) -> bool:
    """True if two bands share anything there; unknown bands do."""
    apart = first.low[place] > other.high[place] or other.low[place] > first.high[place]
    return not apart
