"""Two settings at a time: the mean score of every pair of their values."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pandas as pd

from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import ranked
from nnbench.report.compare.runs_table import plain
from nnbench.report.metric import Metric

TELLING = ("lr", "depth", "optimizer", "activation", "loss")
"""Nuisances from the most telling on; then come the others."""

MOST_VALUES = 24
"""Most values of a setting that a chart has room for."""

FILLED = 0.5
"""The share of pairs that were tried from which on there is a grid to show."""


@dataclass(frozen=True)
class Grid:
    """Mean scores on one data set, by the values of two settings."""

    dataset: str
    keys: tuple[str, str]
    """Keys of rows and columns."""
    split: str
    """validation or test."""
    metric: Metric
    cells: pd.DataFrame
    """A row for each pair that was tried: row, column, mean (NaN where a run failed), lost,
    runs."""

    @property
    def rows(self) -> list[Hashable]:
        """The values of the first setting, in order."""
        return sorted({plain(value) for value in self.cells["row"]}, key=ranked)

    @property
    def columns(self) -> list[Hashable]:
        """The values of the second."""
        return sorted({plain(value) for value in self.cells["column"]}, key=ranked)

    @property
    def is_grid(self) -> bool:
        """True if there are two values either way, not too many, and most pairs were tried."""
        sizes = len(self.rows), len(self.columns)
        return (
            min(sizes) > 1
            and max(sizes) <= MOST_VALUES
            and len(self.cells) >= FILLED * sizes[0] * sizes[1]
            and bool(self.cells["mean"].notna().any())
        )


def grids(comparison: Comparison) -> list[Grid]:
    """A grid for every data set that has one: of two compared keys, or one and a nuisance."""
    maps = [grid_on(comparison, name) for name in comparison.datasets]
    return [heatmap for heatmap in maps if heatmap is not None and heatmap.is_grid]


def grid_on(comparison: Comparison, dataset: str) -> Grid | None:
    """The grid of one data set, whatever its size; None if only one setting varied."""
    groups = comparison.of(dataset)
    if len(comparison.keys) == 2:
        first, second = comparison.keys
        return Grid(dataset, (first, second), "test", groups[0].metric, of_two(groups))
    if not comparison.nuisances:
        return None
    key = telling(comparison.nuisances)
    cells = [of_nuisance(group, key) for group in comparison.drawn_of(dataset)]
    return Grid(
        dataset, (comparison.compare, key), "validation", groups[0].metric, pd.concat(cells)
    )


def telling(nuisances: Sequence[str]) -> str:
    """The nuisance that says most."""
    return min(nuisances, key=lambda key: TELLING.index(key) if key in TELLING else len(TELLING))


def of_two(groups: Sequence[Group]) -> pd.DataFrame:
    """Cells of two compared keys, by test scores at each group's chosen settings."""
    return pd.DataFrame(
        {"row": group.value[0], "column": group.value[1],
         "mean": group.scores("test").mean(skipna=False), "lost": group.lost,
         "runs": len(group.runs)}
        for group in groups if isinstance(group.value, tuple)
    )  # fmt: skip


def of_nuisance(group: Group, key: str) -> pd.DataFrame:
    """Cells of a group by a nuisance, by validation scores."""
    by_value = group.by_value(key)
    return pd.DataFrame(
        {"row": [group.value] * len(by_value), "column": [plain(value) for value in by_value.index],
         **{name: by_value[name].to_numpy() for name in ("mean", "lost", "runs")}}
    )  # fmt: skip
