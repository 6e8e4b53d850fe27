"""Sentences on what holds across data sets."""

from collections.abc import Hashable, Sequence

import numpy as np

from nnbench.pages.formatting import count_text, is_ordered, setting_text
from nnbench.report.analysis.across_datasets import Across, is_ahead
from nnbench.report.analysis.contrasts import ALPHA
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import fewest_pairs
from nnbench.report.text.numbers import and_text, p_text

MOST_RANKED = 6
"""Values that a sentence names."""


def across_text(across: Across, comparison: Comparison) -> str:
    """The values with the best mean rank, and those that they are better than."""
    where = f"Across {len(across.datasets)} data sets"
    best, *others = across.values
    if len(others) == 1:
        return f"{where}, {two_values_text(across, comparison)}."
    rank = f"{across.mean_ranks[0]:.2g} of {len(across.values)}"
    level = [
        value for value, mean in zip(across.values, across.mean_ranks, strict=True)
        if np.isclose(mean, across.mean_ranks[0])
    ]  # fmt: skip
    if len(level) == len(across.values):
        return f"{where}, all have the same mean rank."
    have, leader = ("has", "it") if len(level) == 1 else ("have", comparison.named(best))
    lead = (
        f"{where}, {value_names(level, comparison)} {have} the best mean rank, {rank} "
        f"(Friedman p {p_text(across.p)})"
    )
    if across.p > ALPHA:
        return f"{lead}, which may be chance."
    if across.lowest_p > ALPHA:
        return (
            f"{lead}: not all are alike, but which of them differ is unknown, as no pair could "
            f"have p below {across.lowest_p:.2g} (Holm-corrected); at least "
            f"{fewest_pairs(len(across.pairs))} data sets are needed."
        )
    pairs = [across.between(best, other) for other in others]
    worse = [pair for pair in pairs if pair.p_holm <= ALPHA and is_ahead(pair)]
    if not worse:
        return (
            f"{lead}: not all are alike, but {leader} shows no significant difference from any "
            "other (Wilcoxon, Holm-corrected)."
        )
    most = p_text(max(pair.p_holm for pair in worse)).replace("=", "at most")
    inconclusive = [pair.right for pair in pairs if pair not in worse]
    undecided = (
        f", with no significant difference from {value_names(inconclusive, comparison)}"
        if inconclusive
        else ""
    )
    worse_names = value_names([pair.right for pair in worse], comparison)
    return (
        f"{lead}; {leader} is better than {worse_names} (Wilcoxon over data sets, Holm-corrected p "
        f"{most}){undecided}."
    )


def proven_across_text(across: Across, comparison: Comparison) -> str:
    """The values that the one with the best mean rank is better than; empty if none are shown."""
    best, *others = across.values
    pairs = [across.between(best, other) for other in others]
    worse = [pair for pair in pairs if pair.p_holm <= ALPHA and is_ahead(pair)]
    if not worse or (len(others) > 1 and across.p > ALPHA):
        return ""
    which = (
        comparison.named(worse[0].right)
        if len(others) == 1
        else f"{len(worse)} of {count_text(len(others), 'other')}"
    )
    rank = "" if len(others) == 1 else "has the best mean rank and "
    return (
        f"Across {len(across.datasets)} data sets, {comparison.named(best)} {rank}is better than "
        f"{which} (Wilcoxon over data sets, Holm-corrected)."
    )


def two_values_text(across: Across, comparison: Comparison) -> str:
    """A comparison of two values, without its place."""
    (pair,) = across.pairs
    left, right = comparison.named(pair.left), comparison.named(pair.right)
    test = f"Wilcoxon over data sets: p {p_text(pair.p)}"
    counts = f"better on {pair.wins} and worse on {pair.losses}"
    if pair.p <= ALPHA and is_ahead(pair):
        return f"{left} is better than {right}: {counts} ({test})"
    few = ""
    if across.lowest_p > ALPHA:
        few = (
            f"; so few data sets can't reach p below {across.lowest_p:.2g}, and "
            f"at least {fewest_pairs(1)} are needed"
        )
    return f"{left} shows no significant difference from {right}: {counts} ({test}{few})"


def value_names(values: Sequence[Hashable], comparison: Comparison) -> str:
    """Values in words, the first of them if there are many; words of one key without it."""
    is_plain = not is_ordered(values) and not any(isinstance(value, tuple) for value in values)
    names = [setting_text(value) if is_plain else comparison.named(value) for value in values]
    return and_text(names, MOST_RANKED)
