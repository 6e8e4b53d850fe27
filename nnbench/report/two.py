"""Two compared keys in one picture: which of them is the axis, and which has the colours."""

import math
from collections.abc import Hashable

from nnbench.pages.wording import is_ordered
from nnbench.report.groups import Comparison, told_apart
from nnbench.report.order import ranked


def axis_and_colour(comparison: Comparison) -> tuple[str, str]:
    """The key of the axis, which is the first that has an order, or else the first; the other."""
    first, second = comparison.keys
    keys = (first, second)
    ordered = [key for key in keys if is_ordered(values_of(comparison, key))]
    axis = (ordered or keys)[0]
    return axis, second if axis == first else first


def values_of(comparison: Comparison, key: str) -> list[Hashable]:
    """The values of one of the compared keys, in their natural order."""
    found = {comparison.columns_of(value)[key] for value in comparison.values}
    return sorted(found, key=ranked)


def coloured(comparison: Comparison, key: str) -> list[Hashable]:
    """The values of a key that have a colour: all, or those whose best groups are the best."""
    merits: dict[Hashable, dict[str, float]] = {}
    for group in comparison.groups:
        known = merits.setdefault(comparison.columns_of(group.value)[key], {})
        known[group.dataset] = max(group.merit, known.get(group.dataset, -math.inf))
    return told_apart(values_of(comparison, key), merits)


def undrawn_text(comparison: Comparison, key: str) -> str:
    """What to say beside a picture that leaves values out; begins with a space, or is empty."""
    shown, values = coloured(comparison, key), values_of(comparison, key)
    if len(shown) == len(values):
        return ""
    return (
        f" Of the {len(values)} values of {key}, the {len(shown)} with the best mean rank on the "
        "validation part are drawn."
    )
