"""What holds across data sets: there each of them is one replicate, whatever its seeds.

Demšar 2006 for the test of all values and the mean ranks, Benavoli et al. 2017 for the pairs, which
are tested by themselves rather than by ranks that depend on what else is compared.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import stats

from nnbench.engine.arrays import Array
from nnbench.pages.wording import is_ordered, setting_text
from nnbench.report.analysis.contrasts import ALPHA, Contrast, Outcome
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import fewest_pairs, holm, signed_rank, smallest_p
from nnbench.report.text.numbers import and_text, p_text

DECIMALS = 12
"""Means that agree so far are equal."""

MOST_NAMED = 6
"""Values that a sentence names."""


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
    """Of Wilcoxon's signed ranks: positive where those of the left one weigh more."""
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
    """By mean rank, the best first."""
    ranks: Array
    """Of each value on each data set, 1 for the best: (data sets, values)."""
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
    values = comparison.values
    whole = {
        name: groups for name in comparison.datasets
        if len(groups := {group.value: group for group in comparison.of(name)}) == len(values)
        and name not in comparison.lost
    }  # fmt: skip
    if len(whole) < 2 or len(values) < 2:
        return None
    merits = np.array([merits_of([groups[value] for value in values]) for groups in whole.values()])
    ranks = stats.rankdata(-merits, axis=1)
    order = np.argsort(ranks.mean(axis=0), kind="stable")
    merits, values = merits[:, order], [values[position] for position in order]
    pairs = [
        pair(values[i], values[j], merits[:, i], merits[:, j])
        for i, j in combinations(range(len(values)), 2)
    ]
    corrected = holm([each.p for each in pairs])
    return Across(
        list(whole),
        sorted({next(iter(groups.values())).metric.title for groups in whole.values()}),
        values,
        ranks[:, order],
        friedman(merits) if len(values) > 2 else np.nan,
        tuple(replace(each, p_holm=p) for each, p in zip(pairs, corrected, strict=True)),
    )


def merits_of(groups: Sequence[Group]) -> list[float]:
    """The mean test figures, higher for better; −∞ where any run was lost, at whatever seed.

    Over the seeds that all have, so that none has the easier splits, or over its own if there are
    none.
    """
    figures = [group.signed("test") for group in groups]
    common = set.intersection(*(set(each.index) for each in figures))
    shared = [each[each.index.isin(common)] if common else each for each in figures]
    return [
        -np.inf if group.lost else round(float(each.mean()), DECIMALS)
        for group, each in zip(groups, shared, strict=True)
    ]


def pair(left: Hashable, right: Hashable, mine: Array, other: Array) -> Pair:
    """Two values by their merits on each data set."""
    with np.errstate(invalid="ignore"):
        differences = np.where(mine == other, 0.0, mine - other)
    wins, losses = int((differences > 0).sum()), int((differences < 0).sum())
    ties = len(differences) - wins - losses
    told = differences[differences != 0]
    rank_sum = float(np.sum(np.sign(told) * stats.rankdata(np.abs(told))))
    return Pair(left, right, wins, ties, losses, rank_sum, signed_rank(differences))


def friedman(merits: Array) -> float:
    """The p of Friedman's test (1937) that all values are alike: (data sets, values)."""
    ranks = stats.rankdata(merits, axis=1)
    if np.ptp(ranks) == 0:
        return 1.0
    return float(stats.friedmanchisquare(*ranks.T).pvalue)


def critical_difference(values: int, datasets: int) -> float:
    """The smallest difference of mean ranks that counts (Nemenyi 1963)."""
    quantile = stats.studentized_range.ppf(1 - ALPHA, values, np.inf) / np.sqrt(2)
    return float(quantile * np.sqrt(values * (values + 1) / (6 * datasets)))


def cliques(ranks: Sequence[float], critical: float) -> list[tuple[int, int]]:
    """First and last of every longest stretch of ascending mean ranks that can't be told apart."""
    found: list[tuple[int, int]] = []
    for first, rank in enumerate(ranks):
        last = max(i for i, other in enumerate(ranks) if other - rank < critical or i == first)
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def score(contrasts: Sequence[Contrast]) -> tuple[int, int, int]:
    """On how many data sets a value is better than the reference, undecided or equal, worse."""
    outcomes = [each.outcome for each in contrasts]
    wins, losses = outcomes.count(Outcome.BETTER), outcomes.count(Outcome.WORSE)
    return wins, len(outcomes) - wins - losses, losses


def sentence(found: Across, comparison: Comparison) -> str:
    """What can be said across data sets."""
    where = f"Across {len(found.datasets)} data sets"
    best, *others = found.values
    if len(others) == 1:
        return f"{where}, {two(found, comparison)}."
    rank = f"{found.mean_ranks[0]:.2g} of {len(found.values)}"
    level = [
        value for value, mean in zip(found.values, found.mean_ranks, strict=True)
        if np.isclose(mean, found.mean_ranks[0])
    ]  # fmt: skip
    if len(level) == len(found.values):
        return f"{where}, all have the same mean rank."
    have, it = ("has", "it") if len(level) == 1 else ("have", comparison.named(best))
    lead = (
        f"{where}, {names(level, comparison)} {have} the best mean rank, {rank} "
        f"(Friedman p {p_text(found.p)})"
    )
    against = [found.between(best, other) for other in others]
    told = [each for each in against if each.p_holm <= ALPHA and is_ahead(each)]
    if found.p > ALPHA:
        return f"{lead}, which may be chance."
    if found.lowest_p > ALPHA:
        return (
            f"{lead}: not all are alike, but which of them differ can't be said, since no pair "
            f"could have p below {found.lowest_p:.2g} (Holm-corrected); "
            f"{fewest_pairs(len(found.pairs))} data sets would be the fewest."
        )
    if not told:
        return f"{lead}: not all are alike, but none can be told from {it} (Wilcoxon with Holm)."
    most = p_text(max(each.p_holm for each in told)).replace("=", "at most")
    rest = [each.right for each in against if each not in told]
    left = f", and can't be told from {names(rest, comparison)}" if rest else ""
    beaten = names([each.right for each in told], comparison)
    return f"{lead}; {it} beats {beaten} (Wilcoxon over data sets, Holm-corrected p {most}){left}."


def is_ahead(pair: Pair) -> bool:
    """Whether the left value is better on more data sets, and that weighs more as well."""
    # Of very many data sets, small wins on most can be less than large losses on the others.
    return pair.wins > pair.losses and pair.rank_sum > 0


def two(found: Across, comparison: Comparison) -> str:
    """A comparison of two values, without its place."""
    (pair,) = found.pairs
    left, right = comparison.named(pair.left), comparison.named(pair.right)
    test = f"Wilcoxon over data sets: p {p_text(pair.p)}"
    counts = f"better on {pair.wins} and worse on {pair.losses}"
    if pair.p <= ALPHA and is_ahead(pair):
        return f"{left} beats {right}: {counts} ({test})"
    few = ""
    if found.lowest_p > ALPHA:
        fewest = fewest_pairs(1)
        few = f", which can't be below {found.lowest_p:.2g} with so few; {fewest} are the fewest"
    return f"{left} can't be told from {right}: {counts} ({test}{few})"


def names(values: Sequence[Hashable], comparison: Comparison) -> str:
    """Values in words, the first of them if there are many; words of one key without it."""
    is_plain = not is_ordered(values) and not any(isinstance(value, tuple) for value in values)
    shown = [setting_text(one) if is_plain else comparison.named(one) for one in values]
    return and_text(shown, MOST_NAMED)
