"""What holds across data sets, in a sentence."""

from collections.abc import Hashable, Sequence

import numpy as np

from nnbench.pages.formatting import is_ordered, setting_text
from nnbench.report.analysis.across_datasets import Across, is_ahead
from nnbench.report.analysis.contrasts import ALPHA
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import fewest_pairs
from nnbench.report.text.numbers import and_text, p_text

MOST_NAMED = 6
"""Values that a sentence names."""


def across_text(across: Across, comparison: Comparison) -> str:
    """What can be said across data sets."""
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
    have, it = ("has", "it") if len(level) == 1 else ("have", comparison.named(best))
    lead = (
        f"{where}, {value_names(level, comparison)} {have} the best mean rank, {rank} "
        f"(Friedman p {p_text(across.p)})"
    )
    against = [across.between(best, other) for other in others]
    told = [each for each in against if each.p_holm <= ALPHA and is_ahead(each)]
    if across.p > ALPHA:
        return f"{lead}, which may be chance."
    if across.lowest_p > ALPHA:
        return (
            f"{lead}: not all are alike, but which of them differ can't be said, since no pair "
            f"could have p below {across.lowest_p:.2g} (Holm-corrected); "
            f"{fewest_pairs(len(across.pairs))} data sets would be the fewest."
        )
    if not told:
        return f"{lead}: not all are alike, but none can be told from {it} (Wilcoxon with Holm)."
    most = p_text(max(each.p_holm for each in told)).replace("=", "at most")
    rest = [each.right for each in against if each not in told]
    left = f", and can't be told from {value_names(rest, comparison)}" if rest else ""
    beaten = value_names([each.right for each in told], comparison)
    return f"{lead}; {it} beats {beaten} (Wilcoxon over data sets, Holm-corrected p {most}){left}."


def two_values_text(across: Across, comparison: Comparison) -> str:
    """A comparison of two values, without its place."""
    (pair,) = across.pairs
    left, right = comparison.named(pair.left), comparison.named(pair.right)
    test = f"Wilcoxon over data sets: p {p_text(pair.p)}"
    counts = f"better on {pair.wins} and worse on {pair.losses}"
    if pair.p <= ALPHA and is_ahead(pair):
        return f"{left} beats {right}: {counts} ({test})"
    few = ""
    if across.lowest_p > ALPHA:
        fewest = fewest_pairs(1)
        few = f", which can't be below {across.lowest_p:.2g} with so few; {fewest} are the fewest"
    return f"{left} can't be told from {right}: {counts} ({test}{few})"


def value_names(values: Sequence[Hashable], comparison: Comparison) -> str:
    """Values in words, the first of them if there are many; words of one key without it."""
    is_plain = not is_ordered(values) and not any(isinstance(value, tuple) for value in values)
    shown = [setting_text(one) if is_plain else comparison.named(one) for one in values]
    return and_text(shown, MOST_NAMED)
