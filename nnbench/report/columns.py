"""What the columns of a table of runs are: settings, what decides the data, figures."""

from collections.abc import Sequence
from dataclasses import fields

import pandas as pd

from nnbench.config import RunConfig
from nnbench.settings import telling_keys

BOOKKEEPING = {"run_id", "status", "key", "sweep", "reason", "trouble", "layer"}
BOOKKEEPING |= {"artifacts", "seconds", "digest", "rows", "test_rows", "length", "engine"}
FIGURES = (
    "train_",
    "validation_",
    "test_",
    "best_",
    "diverged_",
    "gradient_",
    "parameter_",
    "n_params",
    "n_flops",
    "size_residual",
    "steps",
)
DATA = "dataset."
"""What the options of a data set begin with."""

SIZES = ("validation_size", "test_size")
"""Keys that look like figures, and belong to the data."""


def compared_key(runs: pd.DataFrame) -> str | None:
    """What a sweep is about: depth if it varied, else the first key that did, if any."""
    keys = ["depth", *settings_of(runs)]
    return next(iter(telling_keys(keys, records(runs), ["dataset"])), None)


def records(runs: pd.DataFrame) -> list[dict[str, object]]:
    """The rows, each by the names of its columns."""
    return [{str(key): value for key, value in row.items()} for row in runs.to_dict("records")]


def settings_of(runs: pd.DataFrame) -> list[str]:
    """The keys that say how a run was trained, in the order of the configuration.

    Neither the seed nor what decides the data is among them.
    """
    order = {field.name: position for position, field in enumerate(fields(RunConfig))}
    keys = [
        str(column)
        for column in runs
        if not (
            column in {*BOOKKEEPING, "seed", "dataset"}
            or str(column).startswith((*FIGURES, DATA))
            or "/" in str(column)  # A figure of a layer.
        )
    ]
    return sorted(keys, key=lambda key: (order.get(key.partition(".")[0], len(order)), key))


def comparable(runs: pd.DataFrame) -> list[str]:
    """The keys whose values can be compared: settings, and what decides the data."""
    return [*settings_of(runs), *data_keys(runs)]


def data_keys(runs: pd.DataFrame) -> list[str]:
    """The keys that decide the data, besides the data set and the seed."""
    return [str(key) for key in runs if str(key).startswith(DATA) or key in SIZES]


def data_names(runs: pd.DataFrame, compared: Sequence[str]) -> list[str]:
    """What to call the data of each run: the data set, and whatever else of it varied.

    Data that differ in anything are different data: they are compared in rows of their own.
    """
    keys = data_keys(runs)
    # A table has hundreds of other columns.
    rows = records(runs[list(dict.fromkeys(["dataset", *compared, *keys]))])
    telling = {
        name: telling_keys(keys, [row for row in rows if row["dataset"] == name], known=compared)
        for name in runs["dataset"].unique()
    }
    names = []
    for row in rows:
        told = [f"{key.removeprefix('dataset.')}={row[key]}" for key in telling[row["dataset"]]]
        names.append(str(row["dataset"]) + (f" ({', '.join(told)})" if told else ""))
    return names


def as_asked(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs without the widths that nobody asked for, but that followed from a size."""
    sized = runs.reindex(columns=["params", "flops"]).notna().any(axis=1)
    return runs.assign(width=runs["width"].mask(sized)) if sized.any() else runs


def blind(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs without figures of the test part; what chooses is given this, so none can leak."""
    seen = [name for name in runs if not str(name).startswith("test_") or name in SIZES]
    # Unlike `drop`, which would leave a block of memory for every other column.
    return runs[seen]
