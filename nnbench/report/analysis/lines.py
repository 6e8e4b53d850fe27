"""Groups along one compared key, all else equal."""

from collections.abc import Hashable
from dataclasses import dataclass

from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import ranked


# Compared by identity, as groups are.
@dataclass(frozen=True, eq=False)
class Line:
    """The groups of a data set that differ in one compared key only."""

    key: str
    others: dict[str, Hashable]
    """The other compared key and its value; empty if there is none."""
    groups: tuple[Group, ...]
    """Groups in the natural order of the key."""
    values: tuple[Hashable, ...]
    """Values of the key."""

    @property
    def dataset(self) -> str:
        """The data set of all of them."""
        return self.groups[0].dataset

    def value_of(self, group: Group) -> Hashable:
        """The value of the key that one of the groups has."""
        return self.values[self.groups.index(group)]


def lines(comparison: Comparison, key: str) -> list[Line]:
    """Lines of two values or more, by data set and value of the other key."""
    along: dict[tuple[str, tuple[Hashable, ...]], list[Group]] = {}
    for group in comparison.groups:
        others = comparison.columns_of(group.value)
        others.pop(key)
        along.setdefault((group.dataset, tuple(others.values())), []).append(group)
    return [line_of(comparison, key, groups) for groups in along.values() if len(groups) > 1]


def line_of(comparison: Comparison, key: str, groups: list[Group]) -> Line:
    """The line of groups in any order."""
    ordered = sorted(groups, key=lambda group: ranked(comparison.columns_of(group.value)[key]))
    columns = [comparison.columns_of(group.value) for group in ordered]
    others = {name: value for name, value in columns[0].items() if name != key}
    return Line(key, others, tuple(ordered), tuple(column[key] for column in columns))
