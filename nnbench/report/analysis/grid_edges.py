"""Best settings at the end of what was tried, beyond which there may be better ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import EQUAL_SIZES
from nnbench.report.question import Question
from nnbench.report.statistics import better_beyond_noise
from nnbench.run.varied import natural


@dataclass(frozen=True)
class Edge:
    """A number that is the best of its group, with nothing tried beyond it."""

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
    """Those of every nuisance that is a number, and of which all values are looked at."""
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
    """Those of one nuisance of one group, whose runs had these values.

    None of a single value, which was not chosen.
    """
    numbers = pd.to_numeric(values, errors="coerce")
    tried = tuple(sorted(map(float, numbers.unique())))
    if numbers.isna().any() or numbers.dtype == bool or group.tried[key].nunique() < 2:
        return
    # Numbers may be texts, where others are words.
    chosen = set(map(float, group.chosen[key]))  # type: ignore[arg-type]
    # A grid from 0 on has nothing below.
    if tried[0] in chosen and tried[0] != 0 and is_clear(group, key, -1):
        yield Edge(group, key, tried[0], False, tried)
    if tried[-1] in chosen and is_clear(group, key, 1):
        yield Edge(group, key, tried[-1], True, tried)


def is_clear(group: Group, key: str, direction: int) -> bool:
    """True if the chosen setting is better than its inner neighbour beyond noise.

    The neighbour differs in this key alone; of settings that were drawn, none does, and the next
    one along the key stands for it.
    """
    candidates = group.candidates
    best = candidates.names[candidates.best]
    if key not in best:
        # What varied along with a nuisance is no number that anybody chose.
        return True
    others = [name for name in best if name != key]
    along = sorted(
        range(len(candidates.names)), key=lambda place: natural(candidates.names[place][key])
    )
    line = [place for place in along
            if all(candidates.names[place][name] == best[name] for name in others)]  # fmt: skip
    line = line if len(line) > 1 else along
    inner = line.index(candidates.best) - direction
    if not 0 <= inner < len(line):
        return False
    return better_beyond_noise(
        candidates.choosing[candidates.best], candidates.choosing[line[inner]]
    )
