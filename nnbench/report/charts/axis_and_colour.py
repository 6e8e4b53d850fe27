"""Charts of two compared keys: which of them is the axis, and which has the colours."""

from collections.abc import Hashable
from dataclasses import replace

from nnbench.pages.formatting import is_ordered
from nnbench.report.compare.comparison import Comparison, coloured_values
from nnbench.report.compare.reference import ranked
from nnbench.report.compare.runs_table import plain

PLACES = 6
"""Data sets with values of the first key that are drawn, where each takes several charts."""


def axis_and_colour(comparison: Comparison) -> tuple[str, str]:
    """The key of the axis, which is the first that has an order, or else the first; the other."""
    first, second = comparison.keys
    keys = (first, second)
    ordered = [key for key in keys if is_ordered(values_of(comparison, key))]
    axis = (ordered or keys)[0]
    return axis, second if axis == first else first


def values_of(comparison: Comparison, key: str) -> list[Hashable]:
    """The values of one of the compared keys, in their natural order."""
    values = {comparison.columns_of(value)[key] for value in comparison.values}
    return sorted(values, key=ranked)


def coloured(comparison: Comparison, key: str) -> list[Hashable]:
    """The values of a key that have a colour: all, or those whose best groups are the best."""
    return coloured_values(
        values_of(comparison, key),
        comparison.groups,
        lambda group: comparison.columns_of(group.value)[key],
    )


def undrawn_text(comparison: Comparison, key: str) -> str:
    """The note on values that a chart leaves out; begins with a space, or is empty."""
    drawn, values = coloured(comparison, key), values_of(comparison, key)
    if len(drawn) == len(values):
        return ""
    return (
        f" Of the {len(values)} values of {key}, the {len(drawn)} with the best mean rank on the "
        "validation set are drawn."
    )


def side_by_side(comparison: Comparison, most: int | None = None) -> Comparison:
    """The second of two keys alone, with each value of the first as if on data of its own.

    Of at most so many data; one key stays as it is.
    """
    if len(comparison.keys) == 1:
        return comparison
    first, second = comparison.keys

    runs = comparison.runs
    names = [
        comparison.place(dataset, (value, None), [first])
        for dataset, value in zip(runs["dataset"], map(plain, runs[first]), strict=True)
    ]
    groups = [
        replace(
            group,
            dataset=comparison.place(group.dataset, group.value, [first]),
            value=comparison.columns_of(group.value)[second],
        )
        for group in comparison.groups
    ]
    places = list(dict.fromkeys(group.dataset for group in groups))
    drawn = places[:most]
    return replace(
        comparison,
        keys=(second,),
        runs=runs.assign(dataset=names),
        groups=tuple(group for group in groups if group.dataset in drawn),
        cut=f" The first {len(drawn)} of {len(places)} cases." if len(drawn) < len(places) else "",
    )
