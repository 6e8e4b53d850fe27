"""Runs of an earlier engine, and which of them a report leaves out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from nnbench.engine import VERSION

Choice = Mapping[str, Callable[[pd.Series], pd.Series]]
"""Column of a table of runs → which of its values are meant."""


def among(*values: str) -> Callable[[pd.Series], pd.Series]:
    """A choice of some values."""
    return lambda column: column.isin(values)


def longer_than(most: int) -> Callable[[pd.Series], pd.Series]:
    """A choice of numbers above another."""
    return lambda column: pd.to_numeric(column, errors="coerce") > most


def even(column: pd.Series) -> pd.Series:
    """A choice of even numbers."""
    return pd.to_numeric(column, errors="coerce") % 2 == 0


MENDED: Mapping[int, tuple[Choice, ...]] = {
    7: (
        # Gradients of sequences of more than 8 steps read what later steps had overwritten.
        {
            "model": among("rnn"),
            "activation": among("relu", "leaky_relu", "elu", "selu", "hard_sigmoid", "softsign"),
            "length": longer_than(8),
        },
        # The highest rate came a step late, and the lowest never.
        {"schedule": among("one_cycle")},
        # Evaluated with the statistics of other weights.
        {
            "optimizer": among("schedule_free_sgd", "schedule_free_adamw"),
            "norm": among("batch"),
        },
        {"wrapper": among("lookahead"), "norm": among("batch")},
        # An even kernel passed on the place before the middle.
        {"model": among("cnn"), "init": among("identity"), "model.kernel": even},
    ),
}
"""Engine → the runs that earlier ones trained wrongly, beyond the last digits."""


@dataclass(frozen=True)
class Engines:
    """The engine that the runs of a report were trained by, and what was left out for it."""

    trained_by: int = VERSION
    """0 where that was not kept."""
    older: Mapping[int, int] = field(default_factory=dict)
    """Earlier engine → how many runs were left out since later ones are there."""
    wrong: int = 0
    """Number of runs that were left out since their engine is known to have been wrong."""


def of_one_engine(runs: pd.DataFrame) -> tuple[pd.DataFrame, Engines]:
    """The runs of the newest engine there is, without those that it is known to train wrongly.

    Engines differ at least in the last digits, in which a comparison must not find a difference.
    """
    if "engine" not in runs or runs.empty:
        return runs, Engines()
    is_wrong = mended_since(runs)
    right = runs[~is_wrong]
    wrong = int(is_wrong.sum())
    if right.empty:
        return right, Engines(wrong=wrong)
    newest = int(right["engine"].max())
    older = right.loc[right["engine"] < newest, "engine"].value_counts().sort_index()
    counts = {int(str(engine)): int(count) for engine, count in older.items()}
    return right[right["engine"] == newest], Engines(newest, counts, wrong)


def mended_since(runs: pd.DataFrame) -> pd.Series:
    """True for each run that an engine trained wrongly."""
    mended = pd.Series(False, runs.index)
    for engine, choices in MENDED.items():
        for choice in choices:
            mended |= (runs["engine"] < engine) & meets(runs, choice)
    return mended


def meets(runs: pd.DataFrame, choice: Choice) -> pd.Series:
    """True for each run that has the settings of a choice."""
    met = pd.Series(set(choice) <= set(runs), runs.index)
    for key, chosen in choice.items():
        if key in runs:
            met &= chosen(runs[key])
    return met
