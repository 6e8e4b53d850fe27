"""The filter that selects the tracked runs of a report."""

from collections.abc import Hashable, Mapping

import pandas as pd

from nnbench.pages.formatting import setting_text
from nnbench.report.compare.runs_table import comparable
from nnbench.run.config import Scalar
from nnbench.run.errors import ConfigError, suggestion
from nnbench.run.varied import natural

MOST_VALUES = 12
"""Values that an error lists."""


def only(runs: pd.DataFrame, where: Mapping[str, Scalar | list[Scalar]]) -> pd.DataFrame:
    """The runs whose keys have the values asked for: one, or one of a list.

    Raises ConfigError if runs have no such key, or none has one of the values.
    """
    keys, everything = ["dataset", "seed", *comparable(runs)], runs
    for key, asked in where.items():
        if key not in keys:
            raise ConfigError(f"where.{key}", asked, suggestion(key, keys))
        requested = asked if isinstance(asked, list) else [asked]
        available = set(everything[key].map(mark))
        for value in requested:
            if mark(value) not in available:
                raise ConfigError(f"where.{key}", value, without(everything[key]))
        matching = runs[runs[key].map(mark).isin(set(map(mark, requested)))]
        if matching.empty:
            raise ConfigError(f"where.{key}", asked, without(runs[key]))
        runs = matching
    return runs


def check_where(runs: pd.DataFrame, where: Mapping[str, Scalar | list[Scalar]]) -> None:
    """Raise ConfigError if runs have no such key, or none has one of the values."""
    only(runs, where)


def without(column: pd.Series) -> str:
    """Error text for a value that isn't in a column."""
    values = sorted(column.drop_duplicates().tolist(), key=natural)
    values_text = ", ".join(map(setting_text, values[:MOST_VALUES]))
    more = ", …" if len(values) > MOST_VALUES else ""
    return f"no run has it; there are {values_text}{more}"


def mark(value: object) -> Hashable:
    """A form of a value that is the same as it is typed and as it was tracked."""
    is_word, number, _ = natural(value)
    return setting_text(value) if is_word else number
