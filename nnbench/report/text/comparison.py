"""Phrases on a comparison: its groups, what varied in it, sizes, costs and known solutions."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nnbench.data.solutions import SHALLOW, SOLUTIONS
from nnbench.pages.formatting import count_text
from nnbench.report.analysis.costs import PASSES
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import EQUAL_SIZES
from nnbench.run.config import Component

MOST_GROUPS = 12
"""Groups that a sentence names."""

COST_NOTE = (
    f"Multiply-adds of training: those for an example forward, times {PASSES} (the way back takes "
    "twice as much), times the examples seen; what the optimizer does besides, such as a second "
    "gradient or a line search, is not counted. Seconds: without evaluation, and only of runs that "
    "trained alone, since runs of a stack share its time; they depend on the machine and on what "
    "else it did."
)
"""Guide to reading costs."""


def names_of(comparison: Comparison, groups: Sequence[Group]) -> str:
    """Groups in words, each with its data, the first of them if there are many."""
    names = [f"{comparison.named(group.value)} on {group.dataset}" for group in groups]
    more = f" and {len(names) - MOST_GROUPS} more" if len(names) > MOST_GROUPS else ""
    return ", ".join(names[:MOST_GROUPS]) + more


def varied_text(comparison: Comparison) -> str:
    """The nuisances in words, and what varied along with them."""
    along = dict.fromkeys(key for group in comparison.groups for key in group.along)
    text = ", ".join(comparison.nuisances)
    if not along:
        return text
    pronoun = "it" if len(comparison.nuisances) == 1 else "them"
    return f"{text} (and with {pronoun} {', '.join(along)})"


def undrawn_values_text(comparison: Comparison) -> str:
    """Remark on the values that a chart leaves out; begins with a space, or is empty."""
    if len(comparison.drawn) == len(comparison.values):
        return comparison.cut
    return (
        f"{comparison.cut} Of the {len(comparison.values)} values of {comparison.compare}, "
        f"the {len(comparison.drawn)} with the best mean rank on the validation set have a line."
    )


def size_text(comparison: Comparison) -> str:
    """Size of the networks that depths are compared at, as it stands after `depth`."""
    runs = comparison.runs
    for key, noun in EQUAL_SIZES.items():
        sizes = runs[key] if key in runs else pd.Series([None])
        if sizes.notna().all():
            asked = pd.to_numeric(sizes).astype(int).unique()
            return f"at equal size ({asked[0]:,} {noun})" if len(asked) == 1 else "at equal sizes"
    if "width" in comparison.nuisances:
        return "each at its best width"
    widths = runs["width"].dropna().unique()
    return f"at width {widths[0]:g}" if len(widths) == 1 else "at several widths"


def solution_text(data: Component) -> str:
    """The networks that are known to solve a data set."""
    options: Any = data.options or {}
    deep, shallow = (networks[data.target](options) for networks in (SOLUTIONS, SHALLOW))
    layers = count_text(deep.depth, "hidden layer")
    sentence = (
        f"built by hand, a relu network solves it with {layers} of {count_text(deep.width, 'unit')}"
    )
    return sentence if deep.depth == 1 else f"{sentence}, another with one of {shallow.width}"
