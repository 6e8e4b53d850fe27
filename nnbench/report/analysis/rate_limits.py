"""The largest learning rate that trains along compared numbers, and its slope per doubling."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.options.components import is_number
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.analysis.learning_rates import TOLERANCE, Range, means, training_range
from nnbench.report.analysis.lines import Line, lines
from nnbench.report.compare.candidates import common_seeds
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import (
    ALPHA,
    FEWEST_PAIRS,
    FEWEST_VALUES,
    interval,
    resampled_scores,
    resamples,
    slope,
)


@dataclass(frozen=True, eq=False)
class RateLimits:
    """The largest rates that train along a line of groups."""

    line: Line
    groups: tuple[Group, ...]
    """The groups whose largest rate lies within the grid."""
    ranges: tuple[Range, ...]
    """The rates that train of each of those."""
    factor: float
    """Factor of the largest rate for each doubling."""
    draws: Array
    """Binary logarithms of the factor in each resample."""
    seeds: int
    comparisons: int = 1
    """Lines of its data set, which share the errors."""

    @property
    def level(self) -> float:
        """Level of the interval: 1 − α/m, 95% for one line, since no test stands beside it."""
        return 1 - ALPHA / self.comparisons

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """Interval of the factor."""
        low, high = interval(self.draws, self.level, self.seeds)
        return float(2**low), float(2**high)

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.bounds[0]

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.bounds[1]

    @property
    def highest(self) -> tuple[float, ...]:
        """The largest rate that trains of each group."""
        return tuple(trained.high for trained in self.ranges)

    @property
    def is_significant(self) -> bool:
        """True if the interval excludes 1."""
        return self.low > 1 or self.high < 1


def rate_limits(comparison: Comparison) -> list[RateLimits]:
    """Limits of every compared key whose values are numbers; none where settings were searched."""
    if "lr" not in comparison.nuisances or any(group.along for group in comparison.groups):
        return []
    # With two compared keys each group is on two lines.
    rated = cache(means)
    gaps = cache(lambda group, seeds: gaps_in_resamples(group, rated(group), seeds, TOLERANCE))
    along = (limits_of(line, rated, gaps)
             for key in comparison.keys for line in lines(comparison, key))  # fmt: skip
    all_limits = [limits for limits in along if limits is not None]
    counts = Counter(limits.line.dataset for limits in all_limits)
    return [replace(limits, comparisons=counts[limits.line.dataset]) for limits in all_limits]


def limits_of(
    line: Line,
    rated: Callable[[Group], pd.DataFrame],
    gaps: Callable[[Group, tuple[int, ...]], Array],
) -> RateLimits | None:
    """The limits along a line; None for words, fewer than three limits, or too few seeds.

    The limit of a value lies between the largest rate that trains and the next on the grid. Each
    resample of the seeds finds both anew, and draws the limit from between them, so that the
    interval is as wide as seeds and grid together make it. `rated` has `means` of a group, `gaps`
    its `gaps_in_resamples`.
    """
    if not all(map(is_number, line.values)):
        return None
    groups, values, ranges = [], [], []
    for value, group in zip(line.values, line.groups, strict=True):
        # At chance level no rate trains, however many of them don't diverge.
        if is_above_chance(group) is False:
            continue
        trained = training_range(rated(group), group.metric, TOLERANCE)
        if value > 0 and trained is not None and not trained.goes_beyond:  # type: ignore[operator]
            groups.append(group)
            values.append(float(value))  # type: ignore[arg-type]
            ranges.append(trained)
    seeds = common_seeds([group.candidates for group in groups]) if groups else ()
    if len(set(values)) < FEWEST_VALUES or len(seeds) < FEWEST_PAIRS:
        return None
    rng = np.random.default_rng(len(seeds))
    drawn = np.stack([within(gaps(group, seeds), rng) for group in groups])
    coefficients = slope(np.log2(values).tolist())
    # Half a step above the largest rate that trains is where its limit is expected.
    between = [np.mean(np.log2(gap_above(group, trained.high)))
               for group, trained in zip(groups, ranges, strict=True)]  # fmt: skip
    factor = 2 ** float(coefficients @ np.array(between))
    draws = coefficients @ drawn
    return RateLimits(line, tuple(groups), tuple(ranges), factor, draws, len(seeds))


def gap_above(group: Group, rate: float) -> tuple[float, float]:
    """A rate of the grid and the next larger one; beyond the last the grid's last step again."""
    rates = rates_of(group)
    steps = [*rates, rates[-1] * rates[-1] / rates[-2]]
    place = int(np.searchsorted(rates, rate))
    return steps[place], steps[place + 1]


def rates_of(group: Group) -> Array:
    """The rates of a group's grid, in order."""
    return np.unique([float(name["lr"]) for name in group.candidates.names])  # type: ignore[arg-type]


def within(gaps: Array, rng: np.random.Generator) -> Array:
    """A place in each gap, (draws,), all equally likely."""
    low, high = gaps.T
    return np.asarray(low + rng.uniform(size=len(gaps)) * (high - low))


def gaps_in_resamples(
    group: Group,
    by_rate: pd.DataFrame,
    seeds: Sequence[int],
    tolerance: float,
) -> Array:
    """Binary logarithms of the rates around the limit in each resample, (draws, 2).

    `by_rate` are the `means` of the group.
    """
    candidates = group.candidates
    own = np.searchsorted(candidates.seeds, seeds)
    scores = resampled_scores(candidates.judged[:, own], resamples(len(seeds)))
    rates = rates_of(group)
    merits = np.full((len(scores), len(rates)), -np.inf)
    for position, rate in enumerate(rates):
        settings = [number for number, name in enumerate(candidates.names)
                    if name["lr"] == rate and candidates.lost[number] == 0]  # fmt: skip
        if settings and by_rate["stalled"].loc[rate] == 0:
            merits[:, position] = scores[:, settings].max(axis=1)
    best = merits.argmax(axis=1)
    top = merits.max(axis=1)
    metric = group.metric
    allowed = tolerance if metric.sign > 0 else tolerance * np.abs(top)
    trains = merits >= (top - allowed)[:, np.newaxis]
    # Neighbours of the best alone: what trains again beyond a gap doesn't count.
    above = np.arange(len(rates)) > best[:, np.newaxis]
    fails = above & ~trains
    last = np.where(fails.any(axis=1), fails.argmax(axis=1), len(rates)) - 1
    gaps = np.log2([gap_above(group, rate) for rate in rates])
    return np.asarray(gaps[last])
