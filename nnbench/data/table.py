"""Tables of numbers, categories and text, as a data set."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Annotated, Any

import numpy as np
import pandas as pd

from nnbench.allowed import Allowed, Checked, is_list, whole
from nnbench.data.columns import Category, Encoder, Text
from nnbench.data.dataset import Dataset, classification, regression
from nnbench.data.encoders import NAMES, Kinds
from nnbench.data.memory_needed import require_room
from nnbench.data.numerals import Numerals
from nnbench.data.targets import (
    advice_on,
    check_classes_of_test,
    check_target,
    guess_task,
    levels_of_column,
    remarks_on_target,
)
from nnbench.engine.arrays import Array
from nnbench.run.errors import suggestion
from nnbench.run.metrics import Task

SIZES = Allowed(
    "one to three whole numbers, 1 or more",
    lambda value: is_list(value) and 1 <= len(value) <= 3 and all(map(whole(1), value)),
)


@dataclass(frozen=True)
class Reading(Checked):
    """Roles and notation of a table's columns; every field is an option of its data set."""

    target: str
    task: Task | None
    shape: Annotated[Sequence[int] | None, SIZES.or_null("for one axis")] = None
    text: str | None = None
    text_features: Annotated[int, whole(1)] = 256
    drop: Annotated[Sequence[str], Allowed("a list of columns: [a,b]", is_list)] = ()
    numerals: Numerals | None = None
    """Notation of numbers in text, where options say so."""
    missing: Sequence[str] | None = None
    """Words that stand for nothing, where an option says which."""

    @property
    def dropped(self) -> set[str]:
        """The columns to leave out, as columns are called."""
        return {str(column).strip() for column in self.drop}


def dataset(
    name: str,
    frames: list[pd.DataFrame],
    reading: Reading,
    source: str,
    licence: str = "",
    test_rows: int = 0,
    declared: Collection[str] = (),
    notes: Sequence[str] = (),
) -> Dataset:
    """The data set of a table in pieces, whose last `test_rows` rows are its test set.

    Columns that are `declared` categories stay so, whatever their words look like. The list of
    pieces is emptied on the way, so that there are never two copies of large data. Raises
    ValueError, as `option=value: what is allowed` where it is an option's.
    """
    rows = sum(map(len, frames))
    if not rows:
        raise ValueError("the table has no rows")
    columns = [str(column).strip() for column in frames[0].columns]
    for frame in frames:
        frame.columns = pd.Index(columns)
    y = [frame.pop(str(reading.target).strip()) for frame in frames]
    task, labels, names, target_notes = read_target(y, reading, test_rows)
    kinds = Kinds(reading.numerals, reading.missing)
    for column in columns:
        if column == str(reading.text).strip():
            kinds.take_text(column, reading.text_features)
        elif column in frames[0] and column not in reading.dropped:
            kinds.take(column, [frame[column] for frame in frames], column in declared)
    if not kinds.encoders:
        raise ValueError(f"target={reading.target}: there is no other column to learn it from")
    shape = shape_of(kinds.encoders, reading)
    refuse_too_wide(rows, kinds.encoders, reading)
    x, missing = encode(frames, kinds.encoders, rows)
    make = classification if task == "classification" else regression
    data = make(name, x.reshape(rows, *shape), labels, source)
    size = f"{rows:,} rows, {x.shape[1]:,} input{'s' * (x.shape[1] > 1)}, " + (
        f"{data.classes} classes" if data.classes else "a numeric target"
    )
    remarks = [size, *notes, *target_notes, *kinds.notes, *remarks_on_rows(missing, test_rows)]
    return replace(
        data, note="; ".join(remarks), licence=licence, test_rows=test_rows, class_names=names
    )


def refuse_too_wide(rows: int, encoders: dict[str, Encoder], reading: Reading) -> None:
    """Raise LimitError unless there is memory for so many rows."""
    width = sum(encoder.width for encoder in encoders.values())
    if reading.text is not None and 2 * reading.text_features > width:
        require_room(rows, width, text_features=reading.text_features)
    require_room(rows, width, drop=reading.drop)


def remarks_on_rows(missing: int, test_rows: int) -> Iterator[str]:
    """Notes on missing numbers, and on a test set."""
    if missing:
        plural = "s" if missing > 1 else ""
        yield (
            f"{missing:,} missing number{plural}: each run fills in the mean of its own "
            "training set"
        )
    if test_rows:
        yield f"the last {test_rows:,} rows are the test set of every run"


def check_columns(columns: Sequence[str], reading: Reading) -> None:
    """Raise ValueError unless the options name columns that there are, each for one thing."""
    text = [] if reading.text is None else [reading.text]
    named = {"target": [reading.target], "text": text, "drop": reading.drop}
    taken: dict[str, str] = {}
    for option, names in named.items():
        for column in (str(name).strip() for name in names):
            if taken.setdefault(column, option) != option:
                raise ValueError(f"{option}={column}: must be another column than {taken[column]}")
            if column not in columns:
                complaint = (
                    suggestion(column, columns) if len(columns) <= NAMES else "no such column"
                )
                raise ValueError(f"{option}={column}: {complaint}")


def read_target(
    pieces: Sequence[Any], reading: Reading, test_rows: int
) -> tuple[Task, Array, tuple[str, ...], list[str]]:
    """The task, the target of every row, the classes, and notes on them."""
    setting, numerals = f"target={reading.target}", reading.numerals or Numerals()
    levels = levels_of_column(pieces, numerals, reading.missing or ())
    missing, rows = int((levels.codes < 0).sum()), len(levels.codes)
    if missing:
        also = ", or set dataset.missing=[] if NA, None or nan are classes"
        advice = "" if reading.numerals is None or reading.missing is not None else also
        lacking = f"{missing:,} of {rows:,} rows have no target"
        raise ValueError(f"{setting}: {lacking}; remove these rows{advice}")
    task = reading.task or guess_task(levels)
    advice = advice_on(levels, numerals) if reading.numerals else ""
    check_target(levels, task, setting, 2 if test_rows else 3, advice, numerals)
    notes = list(remarks_on_target(levels, task, str(reading.target), advice))
    if task == "regression":
        return task, levels.targets(), (), notes
    if test_rows:
        check_classes_of_test(levels, test_rows, setting)
    return task, levels.codes, levels.names, notes


def shape_of(encoders: dict[str, Encoder], reading: Reading) -> tuple[int, ...]:
    """The shape of one example. Raises ValueError if the columns don't fill `shape`."""
    width = sum(encoder.width for encoder in encoders.values())
    if reading.shape is None:
        return (width,)
    shape = tuple(reading.shape)
    for column, encoder in encoders.items():
        if isinstance(encoder, Category | Text):
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
        block, column_start = x[start : start + len(frame)], 0
        for column, encoder in encoders.items():
            encoder.encode(frame[column], block[:, column_start : column_start + encoder.width])
            column_start += encoder.width
        start += len(block)
        missing += int(np.isnan(block).sum())
    return x, missing


def emptied(frames: list[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The frames in their order, none of which the list keeps."""
    frames.reverse()
    while frames:
        yield frames.pop()
