"""Two compared keys in one picture: which of them is the axis, and which has the colours."""

from collections.abc import Hashable

import pandas as pd

from nnbench.pages.wording import is_ordered
from nnbench.report.groups import DISTINCT, Comparison, Group
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
    """The values of a key that have a colour: all, or those best on the validation part.

    Of more than can be told apart those with the best mean rank of their best group over the data
    sets; a group of which runs were lost is behind all others.
    """
    values = values_of(comparison, key)
    if is_ordered(values) or len(values) <= DISTINCT:
        return values
    merits = pd.DataFrame(
        {value: [best_of(comparison, dataset, key, value) for dataset in comparison.datasets]
         for value in values}
    )  # fmt: skip
    means = merits.rank(axis=1, ascending=False).mean().sort_values(kind="stable")
    chosen = set(means.index[:DISTINCT])
    return [value for value in values if value in chosen]


def undrawn_text(comparison: Comparison, key: str) -> str:
    """What to say beside a picture that leaves values out; begins with a space, or is empty."""
    shown, values = coloured(comparison, key), values_of(comparison, key)
    if len(shown) == len(values):
        return ""
    return (
        f" Of the {len(values)} values of {key}, the {len(shown)} with the best mean rank on the "
        "validation part are drawn."
    )


def best_of(comparison: Comparison, dataset: str, key: str, value: Hashable) -> float:
    """The best mean validation figure that a value has on a data set."""
    merits = [
        merit(group)
        for group in comparison.of(dataset)
        if comparison.columns_of(group.value)[key] == value
    ]
    return max(merits, default=float("-inf"))


def merit(group: Group) -> float:
    """The mean validation figure, in the direction in which higher is better; −∞ if runs were lost.

    The test part is not looked at.
    """
    mean = group.signed("best_validation").mean(skipna=False)
    return float(mean) if mean == mean else float("-inf")
