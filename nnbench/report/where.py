"""Which of the tracked runs a report is about."""

from collections.abc import Hashable, Mapping

import pandas as pd

from nnbench.config import ConfigError, Scalar
from nnbench.pages.wording import setting_text
from nnbench.report.columns import comparable
from nnbench.settings import natural
from nnbench.suggest import suggestion

MOST_VALUES = 12
"""Values that an error lists."""


def only(runs: pd.DataFrame, where: Mapping[str, Scalar | list[Scalar]]) -> pd.DataFrame:
    """The runs whose keys have the values asked for: one, or one of a list.

    Raises ConfigError if runs have no such key, or none has such a value.
    """
    keys = ["dataset", "seed", *comparable(runs)]
    for key, asked in where.items():
        if key not in keys:
            raise ConfigError(f"where.{key}", asked, suggestion(key, keys))
        wanted = {mark(value) for value in (asked if isinstance(asked, list) else [asked])}
        kept = runs[runs[key].map(mark).isin(wanted)]
        if kept.empty:
            values = sorted(runs[key].drop_duplicates().tolist(), key=natural)
            shown = ", ".join(map(setting_text, values[:MOST_VALUES]))
            more = ", …" if len(values) > MOST_VALUES else ""
            raise ConfigError(f"where.{key}", asked, f"no run has it; there are {shown}{more}")
        runs = kept
    return runs


def mark(value: object) -> Hashable:
    """What is the same of a value as it is typed and as it was tracked."""
    is_word, number, _ = natural(value)
    return setting_text(value) if is_word else number
