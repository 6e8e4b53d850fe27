"""Columns of a table of runs: settings, data options, metrics."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields
from pathlib import PurePath

import pandas as pd

from nnbench.data.opening import stem
from nnbench.options import catalogue
from nnbench.pages.formatting import setting_text
from nnbench.run.config import RunConfig
from nnbench.run.metrics import OUTCOMES
from nnbench.run.result import MACHINE
from nnbench.run.varied import telling_keys

BOOKKEEPING = {"run_id", "status", "key", "sweep", "reason", "trouble", "layer"}
BOOKKEEPING |= {
    "artifacts",
    "seconds",
    "stack_runs",
    "digest",
    "rows",
    "test_rows",
    "length",
    "engine",
}
BOOKKEEPING |= {"untested_classes", "chance", *MACHINE, *OUTCOMES}
METRICS = (
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
"""Prefix of the options of a data set."""

PLACES = ("dataset.path", "dataset.test_path")
"""Options that say where data lie."""

SIZES = ("validation_size", "test_size")
"""Keys that look like metrics, and belong to the data."""

TUNED = ("lr", "weight_decay")
"""Keys that are tuned rather than compared, as are the options of components."""

MOST_COMPARED = 2
"""Keys that a report compares."""


def compared_keys(runs: pd.DataFrame, typed: Sequence[str] = ()) -> tuple[str, ...]:
    """The keys a sweep is about: the first two factors that varied, depth second; none without any.

    `typed` are keys in the order in which they were typed; others come in that of the
    configuration. Where only settings varied that are tuned otherwise, the first of them.
    """
    settings = ["depth", *settings_of(runs)]
    order = dict.fromkeys([*(key for key in typed if key in settings), *settings])
    telling = telling_keys(sorted(order, key=is_tuned), records(runs), ["dataset"])
    factors = [key for key in telling if not is_tuned(key)][:MOST_COMPARED]
    # The second is compared at each value of the first.
    return tuple(sorted(factors, key="depth".__eq__)) or tuple(telling[:1])


def is_tuned(key: str) -> bool:
    """True if a key is chosen on the validation set, unless a user compares it."""
    return key in TUNED or "." in key


def component_of(key: str) -> str:
    """The key whose option a key is, or itself; without residual layers nothing is scaled."""
    return "residual" if key == "residual_scale" else key.partition(".")[0]


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
            or str(column).startswith((*METRICS, DATA))
            or "/" in str(column)  # A layer statistic.
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
    """Names for the data of each run: the data set or file, and its other options that varied.

    Data that differ in anything are different data: they are compared in rows of their own. Where a
    file lies is no difference if its content is the same.
    """
    keys = data_keys(runs)
    # A table has hundreds of other columns.
    columns = [key for key in ("dataset", *compared, *keys, "digest") if key in runs]
    rows = records(runs[list(dict.fromkeys(columns))])
    names = [own_name(row) for row in rows]
    telling: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        alike = [row for own, row in zip(names, rows, strict=True) if own == name]
        contents = {row.get("digest") or None for row in alike}
        same = [] if len(contents) > 1 or None in contents else PLACES
        telling[name] = telling_keys([k for k in keys if k not in same], alike, fixed=compared)
    options = [
        # A column of whole numbers some of which are missing has floats.
        [f"{key.removeprefix(DATA)}={option_text(row[key])}" for key in telling[name]]
        for name, row in zip(names, rows, strict=True)
    ]
    return [
        name + (f" ({', '.join(own)})" if own else "")
        for name, own in zip(names, options, strict=True)
    ]


def option_text(value: object) -> str:
    """An option of a data set as it is typed."""
    return setting_text(plain(value) if isinstance(value, int | float | None) else str(value))


def own_name(row: Mapping[str, object]) -> str:
    """The name of the data: that of their file, or of nnbench's option."""
    path, option = row.get("dataset.path"), str(row["dataset"])
    if not isinstance(path, str):
        return option
    # A file called iris.csv is not nnbench's iris.
    return PurePath(path).name if stem(path) in catalogue.names("dataset") else stem(path)


def as_asked(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs without the widths that nobody asked for, but that followed from a size."""
    sized = runs.reindex(columns=["params", "flops"]).notna().any(axis=1)
    return runs.assign(width=runs["width"].mask(sized)) if sized.any() else runs


def blind(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs without test scores; what chooses is given this, so none can leak."""
    columns = [name for name in runs if not str(name).startswith("test_") or name in SIZES]
    # Unlike `drop`, which would leave a block of memory for every other column.
    return runs[columns]


def plain(value: Hashable) -> Hashable:
    """A number of NumPy's as one of Python's, whole without a decimal point; None if missing."""
    if isinstance(value, str | bool) or value is None:
        return value
    number = float(value)  # type: ignore[arg-type]
    if number != number:
        return None
    return int(number) if number.is_integer() else number
