"""Tables of numbers, categories and text, as a data set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from nnbench.data.columns import Category, Encoder, Number, Text, as_category
from nnbench.data.dataset import Dataset, Task, classification, regression
from nnbench.data.room import require_room
from nnbench.data.targets import (
    check_classes_of_test,
    check_target,
    check_task,
    guess_task,
    strays_among_numbers,
)
from nnbench.engine.arrays import Array
from nnbench.suggest import suggestion

NAMES = 20
"""Columns that an error lists, at most."""


@dataclass(frozen=True)
class Reading:
    """How the columns of a table are to be read; every field is an option of its data set."""

    target: str
    task: Task | None
    shape: Sequence[int] | None = None
    text: str | None = None
    text_features: int = 256
    drop: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_task(self.task)
        if not (isinstance(self.text_features, int) and self.text_features >= 1):
            allowed = "must be a whole number, 1 or more"
            raise ValueError(f"text_features={self.text_features}: {allowed}")
        sizes = [1] if self.shape is None else self.shape
        if not (
            isinstance(sizes, Sequence)
            and 1 <= len(sizes) <= 3
            and all(type(size) is int and size >= 1 for size in sizes)
        ):
            raise ValueError(f"shape={self.shape}: must be one to three whole numbers, 1 or more")
        if not isinstance(self.drop, Sequence) or isinstance(self.drop, str):
            raise ValueError(f"drop={self.drop}: must be a list of columns: [a,b]")


def dataset(
    name: str,
    frames: list[pd.DataFrame],
    reading: Reading,
    source: str,
    licence: str = "",
    test_rows: int = 0,
) -> Dataset:
    """The data set of a table in pieces, whose last `test_rows` rows are its test part.

    The list of pieces is emptied on the way, so that there are never two copies of large data.
    Raises ValueError, as `option=value: what is allowed` where it is an option's.
    """
    rows = sum(map(len, frames))
    if not rows:
        raise ValueError("the table has no rows")
    columns = [str(column) for column in frames[0].columns]
    check_columns(columns, reading)
    for frame in frames:
        frame.columns = pd.Index(columns)
    # A conversion of the last pieces only would mix numbers and words.
    y = pd.concat([frame.pop(str(reading.target)) for frame in frames], ignore_index=True)
    task, labels = read_target(y, reading, sets=2 if test_rows else 3)
    if test_rows and task == "classification":
        check_classes_of_test(labels, test_rows, f"target={reading.target}")
    inputs = [column for column in columns if column not in {*map(str, reading.drop), y.name}]
    encoders, notes = encoders_of(frames, inputs, reading)
    if not encoders:
        raise ValueError(f"target={reading.target}: there is no other column to learn it from")
    shape = shape_of(encoders, reading)
    refuse_too_wide(rows, encoders, reading)
    x, missing = encode(frames, encoders, rows)
    notes += remarks(missing, test_rows)
    make = classification if task == "classification" else regression
    made = make(name, x.reshape(rows, *shape), labels, source)
    size = f"{rows:,} rows, {x.shape[1]:,} input{'s' * (x.shape[1] > 1)}, " + (
        f"{made.classes} classes" if made.classes else "a number to be learnt"
    )
    said = "; ".join([size, *notes])
    return replace(made, note=said, licence=licence, test_rows=test_rows)


def refuse_too_wide(rows: int, encoders: dict[str, Encoder], reading: Reading) -> None:
    """Raise LimitError unless there is memory for so many rows."""
    width = sum(encoder.width for encoder in encoders.values())
    if reading.text is not None and 2 * reading.text_features > width:
        require_room(rows, width, text_features=reading.text_features)
    require_room(rows, width, drop=reading.drop)


def remarks(missing: int, test_rows: int) -> Iterator[str]:
    """What is to be said of numbers that are missing, and of a test part."""
    if missing:
        plural = "s" if missing > 1 else ""
        yield (
            f"{missing:,} missing number{plural}: each run puts the mean of its own training part "
            "in their place"
        )
    if test_rows:
        yield f"the last {test_rows:,} rows are the test part of every run"


def check_columns(columns: Sequence[str], reading: Reading) -> None:
    """Raise ValueError unless the options name columns that there are, each for one thing."""
    text = [] if reading.text is None else [reading.text]
    named = {"target": [reading.target], "text": text, "drop": reading.drop}
    taken: dict[str, str] = {}
    for option, wanted in named.items():
        for column in map(str, wanted):
            if taken.setdefault(column, option) != option:
                raise ValueError(f"{option}={column}: must be another column than {taken[column]}")
            if column not in columns:
                known = suggestion(column, columns) if len(columns) <= NAMES else "no such column"
                raise ValueError(f"{option}={column}: {known}")


def read_target(column: Any, reading: Reading, sets: int) -> tuple[Task, Array]:
    """What is to be learnt, and the target of every row."""
    missing, said = int(column.isna().sum()), f"target={reading.target}"
    if missing:
        raise ValueError(f"{said}: {missing:,} of {len(column):,} rows have none there")
    numeric = is_numeric_dtype(column)
    values = (
        column.to_numpy(np.float64) if numeric else as_category(column).astype(str).to_numpy(str)
    )
    task = reading.task or guess_task(values)
    check_target(values, task, said, sets)
    return task, values


def encoders_of(
    frames: Sequence[pd.DataFrame], columns: Sequence[str], reading: Reading
) -> tuple[dict[str, Encoder], list[str]]:
    """How each column becomes numbers, and what is to be said of that."""
    encoders: dict[str, Encoder] = {}
    categories, empty, notes = [], [], list[str]()
    for column in columns:
        parts = [frame[column] for frame in frames]
        if column == str(reading.text):
            encoders[column] = Text(reading.text_features)
        elif all(bool(part.isna().all()) for part in parts):
            empty.append(column)
        elif all(is_numeric_dtype(part) or is_bool_dtype(part) for part in parts):
            encoders[column] = Number()
        else:
            categories.append(column)
            encoders[column] = made = Category(parts)
            strays = strays_among_numbers(made.values)
            notes += [f"{column} has {strays[0]!r} among its numbers"] if strays else []
    if categories:
        notes.append(f"{listed(categories)} one-hot")
    if reading.text is not None:
        notes.append(f"{reading.text}: words and pairs of words, hashed")
    if empty:
        notes.append(f"left out, with nothing in it: {listed(empty)}")
    return encoders, notes


def listed(names: Sequence[str]) -> str:
    """The first of some columns, and how many more there are."""
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return ", ".join(names[:NAMES]) + more


def shape_of(encoders: dict[str, Encoder], reading: Reading) -> tuple[int, ...]:
    """The shape of one example. Raises ValueError if the columns don't fill the one asked for."""
    width = sum(encoder.width for encoder in encoders.values())
    if reading.shape is None:
        return (width,)
    shape = tuple(reading.shape)
    for column, encoder in encoders.items():
        if not isinstance(encoder, Number):
            raise ValueError(f"shape={list(shape)}: column {column!r} has text, not numbers")
    if prod(shape) != width:
        allowed = f"must have as many places as there are columns of inputs, {width}"
        raise ValueError(f"shape={list(shape)}: {allowed}")
    return shape


def encode(
    frames: list[pd.DataFrame], encoders: dict[str, Encoder], rows: int
) -> tuple[Array, int]:
    """All rows as numbers, (rows, features), and how many are missing; empties the list."""
    x = np.empty((rows, sum(encoder.width for encoder in encoders.values())))
    start = missing = 0
    for frame in emptied(frames):
        part, left = x[start : start + len(frame)], 0
        for column, encoder in encoders.items():
            encoder.encode(frame[column], part[:, left : left + encoder.width])
            left += encoder.width
        start += len(part)
        missing += int(np.isnan(part).sum())
    return x, missing


def emptied(frames: list[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The frames in their order, none of which the list keeps."""
    frames.reverse()
    while frames:
        yield frames.pop()
