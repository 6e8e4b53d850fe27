"""Best settings at the end of what was tried, beyond which there may be better ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.open_ends import ends_along
from nnbench.report.compare.reference import EQUAL_SIZES
from nnbench.report.question import Question


@dataclass(frozen=True)
class Edge:
    """An end of what a group tried of a number, beyond which its best setting may lie."""

    group: Group
    key: str
    value: float
    is_largest: bool
    tried: tuple[float, ...]
    """The group's own values of the key, from low to high: optimizers have ranges of their own."""

    @property
    def further(self) -> tuple[float, ...]:
        """The tried values, and the next one beyond the edge; empty if that is unknown.

        A rate goes on in threes, whole numbers in twos, to 1, or of depth to 0. What else there is
        may have an end.
        """
        if self.key == "lr":
            beyond = self.value * 3 if self.is_largest else self.value / 3
            # As it would be typed.
            beyond = float(f"{beyond:.2g}")
        elif "." not in self.key and all(value.is_integer() for value in self.tried):
            beyond = self.value * 2 if self.is_largest else self.value // 2
            if beyond == 0 and self.key != "depth":
                return ()
        else:
            return ()
        return tuple(sorted({*self.tried, beyond}))

    @property
    def is_drawn(self) -> bool:
        """True if a search drew the tried values: nobody types four digits."""
        return any(float(f"{v:.3g}") != v for v in self.tried if not v.is_integer())


def edges(comparison: Comparison, question: Question) -> list[Edge]:
    """Edges of every nuisance that is a number, and of which all values are examined."""
    return [
        edge for key in comparison.nuisances if key not in question.where
        for group in comparison.groups
        for edge in edges_of(group, key, comparison.tried(group, key))
        if not (is_last(edge, comparison.runs) or is_within(edge))
    ]  # fmt: skip


def is_last(edge: Edge, runs: pd.DataFrame) -> bool:
    """True if nothing is below one hidden layer: without any, no width gives a size."""
    return (
        (edge.key, edge.value) == ("depth", 1)
        and not edge.is_largest
        and bool(runs.reindex(columns=list(EQUAL_SIZES)).notna().any(axis=None))
    )


def is_within(edge: Edge) -> bool:
    """True if longer training has covered it already: every run counts at its best epoch."""
    return edge.key == "epochs" and not edge.is_largest


def edges_of(group: Group, key: str, values: pd.Series) -> Iterator[Edge]:
    """Edges of one nuisance of one group, whose runs had these values.

    None of a single value, which was not chosen.
    """
    numbers = pd.to_numeric(values, errors="coerce")
    tried = tuple(sorted(map(float, numbers.unique())))
    if numbers.isna().any() or numbers.dtype == bool or group.tried[key].nunique() < 2:
        return
    candidates = group.candidates
    if key in candidates.names[0]:
        ends = dict(ends_along(candidates.names, candidates.choosing, key))
    else:
        # What varied along with a nuisance is no number that anybody chose.
        chosen = set(map(float, group.chosen[key]))  # type: ignore[arg-type]
        ends = {end: at for end, at in ((-1, tried[0]), (1, tried[-1])) if at in chosen}
    for direction, place in ((-1, tried[0]), (1, tried[-1])):
        # Numbers may be texts, where others are words. A grid from 0 on has nothing below.
        is_open = direction in ends and float(ends[direction]) == place  # type: ignore[arg-type]
        if is_open and (direction > 0 or place != 0):
            yield Edge(group, key, place, direction > 0, tried)
