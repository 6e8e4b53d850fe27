"""All groups of a report side by side, how they are called, and which of them are drawn."""

import math
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import pandas as pd

from nnbench.pages.formatting import is_ordered, setting_text
from nnbench.report.compare.engines import Engines
from nnbench.report.compare.group import Group
from nnbench.report.compare.read_curves import ValidationCurves
from nnbench.report.compare.reference import each_of, is_demonstration, ranked
from nnbench.report.compare.where_filter import mark
from nnbench.report.question import noun_of

KNOWN_BY_NAME = ("activation", "model", "optimizer")
"""Keys whose values say by themselves what they are, such as `adam`."""

DISTINCT = 8
"""Values without an order that a reader can tell apart by colour."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """All groups, and what else varied."""

    keys: tuple[str, ...]
    """The compared key, or two."""
    runs: pd.DataFrame
    """All runs, one row a key."""
    groups: tuple[Group, ...]
    """Groups by data set, and within it by value, the reference first."""
    nuisances: tuple[str, ...]
    confounded: tuple[str, ...]
    """Keys that differ along with the compared one, so that their effects aren't separable."""
    fixed: dict[str, Hashable]
    """Keys that had the same value throughout."""
    engines: Engines
    """The engine that trained the runs, and the runs left out for theirs."""
    curves: ValidationCurves
    """Curves that settings were chosen by, and the runs left out for want of one."""
    cut: str = ""
    """Remark beside a chart, if these are not all groups; begins with a space."""

    @property
    def compare(self) -> str:
        """The compared keys, in words."""
        return " and ".join(self.keys)

    def named(self, value: Hashable, but: Collection[str] = ()) -> str:
        """A value with its key, such as `depth 3`, unless its name is enough.

        Where two keys are compared, without those in `but`.
        """
        return in_words({k: own for k, own in self.columns_of(value).items() if k not in but})

    def in_common(self, value: Hashable, reference: Hashable) -> list[str]:
        """The one of two compared keys of which a value and its reference have the same."""
        mine, other = self.columns_of(value), self.columns_of(reference)
        return [key for key in self.keys if mine[key] == other[key]]

    def place(self, dataset: str, value: Hashable, shared: Sequence[str]) -> str:
        """A data set, with what compared values on it share."""
        if not shared:
            return dataset
        others = [key for key in self.keys if key not in shared]
        return f"{dataset} with {self.named(value, but=others)}"

    @property
    def place_noun(self) -> str:
        """Noun for a place, where values are compared with a reference."""
        return "data set" if len(self.keys) == 1 else "case"

    @property
    def one_of_them(self) -> str:
        """Noun for a compared value."""
        nouns = " and ".join(map(noun_of, self.keys))
        return nouns if len(self.keys) == 1 else f"combination of {nouns}"

    def columns_of(self, value: Hashable) -> dict[str, Hashable]:
        """Compared key → its value."""
        return dict(zip(self.keys, each_of(value), strict=True))

    @cached_property
    def datasets(self) -> list[str]:
        """The data sets, in the order of the groups."""
        return list(dict.fromkeys(group.dataset for group in self.groups))

    @cached_property
    def lost(self) -> list[str]:
        """The data sets on which no compared run came to anything, so that none compares."""
        return [
            name for name in self.datasets
            if all(group.lost == len(group.runs) for group in self.of(name))
        ]  # fmt: skip

    @cached_property
    def values(self) -> list[Hashable]:
        """The compared values in their natural order."""
        return sorted({group.value for group in self.groups}, key=ranked)

    @cached_property
    def drawn(self) -> list[Hashable]:
        """The values that have a colour in charts, in their natural order.

        Of more than there are distinct colours, the best on the validation set.
        """
        return coloured_values(self.values, self.groups, attrgetter("value"))

    def of(self, dataset: str) -> list[Group]:
        """The groups of one data set; the first is the reference."""
        return [group for group in self.groups if group.dataset == dataset]

    @cached_property
    def blocks(self) -> list[list[Group]]:
        """The groups that are compared with each other: all that have one reference."""
        return in_blocks(self.groups)

    def tried(self, group: Group, key: str) -> pd.Series:
        """Values of a key in all runs of a group's data and value, at whatever settings."""
        # Of a single column, since a table has hundreds.
        return self.runs[key].loc[self.rows_of[group.dataset, marks(group.value)]]

    @cached_property
    def rows_of(self) -> dict[tuple[str, tuple[Hashable, ...]], pd.Index]:
        """Data and compared value → the rows of its runs."""
        columns = ["dataset", *self.keys]
        return {
            (str(dataset), marks(tuple(value))): rows.index
            for (dataset, *value), rows in self.runs[columns].groupby(columns, dropna=False)
        }

    def drawn_of(self, dataset: str) -> list[Group]:
        """Groups of a data set that have a colour in charts."""
        return [group for group in self.of(dataset) if group.value in self.drawn]

    def pairs(self) -> Iterator[tuple[Group, Group]]:
        """The reference of its data set, and a group, for every group that competes with it."""
        by_value = {(group.dataset, group.value): group for group in self.groups}
        for group in self.groups:
            if group.value != group.reference and self.competes(group):
                yield by_value[group.dataset, group.reference], group

    def competes(self, group: Group) -> bool:
        """False of a demonstration, which is shown and compared with nothing."""
        return not is_demonstration(self.keys, group.value, group.reference)

    def contrasted(self) -> Iterator[tuple[Group, Group]]:
        """Contrasted groups of data on which some run has finished."""
        for reference, group in self.pairs():
            if group.dataset not in self.lost:
                yield reference, group

    def rates(self) -> list[float] | None:
        """The learning rates in use; None where several were compared or chosen among.

        One that follows from the optimizer was not chosen.
        """
        if "lr" in self.keys or any(
            group.tried.groupby("optimizer", dropna=False)["lr"].nunique().max() > 1
            for group in self.groups
        ):
            return None
        return sorted({float(lr) for group in self.groups for lr in group.runs["lr"]})


def in_blocks(groups: Sequence[Group]) -> list[list[Group]]:
    """Groups, apart for every data set and reference."""
    blocks: dict[tuple[str, Hashable], list[Group]] = {}
    for group in groups:
        blocks.setdefault((group.dataset, group.reference), []).append(group)
    return list(blocks.values())


def marks(value: Hashable) -> tuple[Hashable, ...]:
    """A compared value as it can be looked up, whether it comes from a table or from a group."""
    return tuple(map(mark, each_of(value)))


def coloured_values(
    values: Sequence[Hashable], groups: Sequence[Group], value_of: Callable[[Group], Hashable]
) -> list[Hashable]:
    """The values that get a colour: all that have an order, or are few enough.

    Of more, those of which the best group has the best mean rank over the data sets; where a value
    has none, it is the last.
    """
    if is_ordered(values) or len(values) <= DISTINCT:
        return list(values)
    merits: list[dict[str, float]] = [{} for _ in values]
    places = {value: place for place, value in enumerate(values)}
    for group in groups:
        scores = merits[places[value_of(group)]]
        scores[group.dataset] = max(group.merit, scores.get(group.dataset, -math.inf))
    # By position, since values may be tuples, of which pandas makes levels.
    means = pd.DataFrame(merits).fillna(-math.inf).rank(ascending=False).mean(axis=1)
    best = means.sort_values(kind="stable").index[:DISTINCT]
    return [values[place] for place in sorted(best)]


def in_words(values: Mapping[str, Hashable]) -> str:
    """Values with their keys, such as `depth 3 with relu`, unless a name is enough."""
    return " with ".join(
        setting_text(value)
        if key in KNOWN_BY_NAME and isinstance(value, str)
        else f"{key} {setting_text(value)}"
        for key, value in values.items()
    )
