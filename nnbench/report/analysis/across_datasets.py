"""Comparison across data sets: each is one replicate, whatever the number of its seeds.

Demšar 2006 for the test of all values and the mean ranks, Benavoli et al. 2017 for the pairs, which
are tested by themselves rather than by ranks that depend on what else is compared.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.analysis.contrasts import ALPHA, Contrast, Outcome
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import holm, median_time, signed_rank, smallest_p
from nnbench.report.statistics.distributions import mean_ranks

DECIMALS = 12
"""Means that agree so far are equal."""


@dataclass(frozen=True)
class Pair:
    """Two values on the same data sets."""

    left: Hashable
    right: Hashable
    wins: int
    """Data sets on which the left one is better."""
    ties: int
    losses: int
    rank_sum: float
    """Sum of Wilcoxon's signed ranks: positive where those of the left one weigh more."""
    p: float
    """Wilcoxon's over data sets."""
    p_holm: float = np.nan
    """The same, corrected for all pairs."""


@dataclass(frozen=True, eq=False)
class Across:
    """All values on the data sets that have every one of them."""

    datasets: list[str]
    metrics: list[str]
    values: list[Hashable]
    """Values by mean rank, the best first."""
    ranks: Array
    """Ranks of each value on each data set, 1 for the best: (data sets, values)."""
    p: float
    """Friedman's; NaN for two values."""
    pairs: tuple[Pair, ...]

    @property
    def mean_ranks(self) -> Array:
        """A mean over data sets for each value."""
        return np.mean(self.ranks, axis=0)  # type: ignore[no-any-return]

    @property
    def lowest_p(self) -> float:
        """The smallest corrected p that so few data sets could give any pair."""
        return min(1.0, smallest_p(len(self.datasets)) * len(self.pairs))

    def between(self, left: Hashable, right: Hashable) -> Pair:
        """The pair of two values, in this order."""
        for pair in self.pairs:
            if (pair.left, pair.right) == (left, right):
                return pair
            if (pair.left, pair.right) == (right, left):
                return Pair(
                    left,
                    right,
                    pair.losses,
                    pair.ties,
                    pair.wins,
                    -pair.rank_sum,
                    pair.p,
                    pair.p_holm,
                )
        raise KeyError((left, right))


def across(comparison: Comparison) -> Across | None:
    """The values side by side; None unless at least two data sets have at least two of them."""
    competing = {
        name: {group.value: group for group in comparison.of(name) if comparison.competes(group)}
        for name in comparison.datasets
    }
    values = [value for value in comparison.values
              if any(value in groups for groups in competing.values())]  # fmt: skip
    whole = {
        name: groups for name, groups in competing.items()
        if len(groups) == len(values)
        and name not in comparison.lost
    }  # fmt: skip
    if len(whole) < 2 or len(values) < 2:
        return None
    merits = np.array([merits_of([groups[value] for value in values]) for groups in whole.values()])
    ranks = mean_ranks(-merits, axis=1)
    order = np.argsort(ranks.mean(axis=0), kind="stable")
    merits, values = merits[:, order], [values[position] for position in order]
    pairs = [
        pair(values[i], values[j], merits[:, i], merits[:, j])
        for i, j in combinations(range(len(values)), 2)
    ]
    corrected = holm([pair.p for pair in pairs])
    return Across(
        list(whole),
        sorted({next(iter(groups.values())).measure.title for groups in whole.values()}),
        values,
        ranks[:, order],
        friedman(merits) if len(values) > 2 else np.nan,
        tuple(replace(test, p_holm=p) for test, p in zip(pairs, corrected, strict=True)),
    )


def merits_of(groups: Sequence[Group]) -> list[float]:
    """Mean outcomes, or median times, higher for better; −∞ where any run diverged or failed.

    Over the seeds that all have, so that none has the easier splits, or over its own if there are
    none. A time that was never reached is worse than any.
    """
    outcomes = [group.measure.sign * group.values for group in groups]
    common = set.intersection(*(set(own.index) for own in outcomes))
    shared = [own[own.index.isin(common)] if common else own for own in outcomes]
    return [
        -median_time(-own) if group.measure.is_time
        else -np.inf if group.lost
        else round(float(own.mean()), DECIMALS)
        for group, own in zip(groups, shared, strict=True)
    ]  # fmt: skip


def pair(left: Hashable, right: Hashable, mine: Array, other: Array) -> Pair:
    """Two values by their merits on each data set."""
    with np.errstate(invalid="ignore"):
        differences = np.where(mine == other, 0.0, mine - other)
    wins, losses = int((differences > 0).sum()), int((differences < 0).sum())
    ties = len(differences) - wins - losses
    differing = differences[differences != 0]
    rank_sum = float(np.sum(np.sign(differing) * mean_ranks(np.abs(differing))))
    return Pair(left, right, wins, ties, losses, rank_sum, signed_rank(differences))


def friedman(merits: Array) -> float:
    """The p of Friedman's test (1937) that all values are alike: (data sets, values)."""
    ranks = mean_ranks(merits, axis=1)
    if np.ptp(ranks) == 0:
        return 1.0
    # Whose import takes half a second, for a section that few reports have.
    from scipy import stats

    return float(stats.friedmanchisquare(*ranks.T).pvalue)


def critical_difference(values: int, datasets: int) -> float:
    """The smallest difference of mean ranks that counts (Nemenyi 1963)."""
    from scipy import stats

    quantile = stats.studentized_range.ppf(1 - ALPHA, values, np.inf) / np.sqrt(2)
    return float(quantile * np.sqrt(values * (values + 1) / (6 * datasets)))


def cliques(ranks: Sequence[float], critical: float) -> list[tuple[int, int]]:
    """First and last of every longest stretch of ascending mean ranks without a difference."""
    stretches: list[tuple[int, int]] = []
    for first, rank in enumerate(ranks):
        last = max(i for i, other in enumerate(ranks) if other - rank < critical or i == first)
        if last > first and (not stretches or last > stretches[-1][1]):
            stretches.append((first, last))
    return stretches


def score(contrasts: Sequence[Contrast]) -> tuple[int, int, int]:
    """On how many data sets a value is better than the reference, undecided or equal, worse."""
    outcomes = [contrast.outcome for contrast in contrasts]
    wins, losses = outcomes.count(Outcome.BETTER), outcomes.count(Outcome.WORSE)
    return wins, len(outcomes) - wins - losses, losses


def is_ahead(pair: Pair) -> bool:
    """True if the left value is better on more data sets, and these weigh more as well."""
    # Of very many data sets, small wins on most can be less than large losses on the others.
    return pair.wins > pair.losses and pair.rank_sum > 0
