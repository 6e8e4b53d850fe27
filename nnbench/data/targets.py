"""Targets: classes or numbers, and the columns that are neither."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from nnbench.data.columns import Words
from nnbench.data.numerals import (
    EXACT,
    Numerals,
    are_other_dates,
    dates,
    is_a_number,
    strays_among_numbers,
)
from nnbench.engine.arrays import LARGEST, Array
from nnbench.run.metrics import Task

CLASSES = 20
"""Different whole numbers up to which a target is taken for classes."""

HARDLY = 0.4
"""Share of the rows from which on the different values of a target are hardly classes."""

WHOLE = re.compile(r"[+-]?\d+(_\d+)*", re.ASCII)
CODE = re.compile(r"0\d+", re.ASCII)
"""Digits that are more than their number: 007 is not 7."""


@dataclass(frozen=True)
class Levels:
    """The different values of a target in sorted order, and which of them each row has."""

    values: Sequence[Any]
    """Numbers, or words."""
    codes: Array
    """(rows,): positions among the values, -1 where there is none."""
    numbers: Array | None
    """(levels,) float64: what they are as numbers, if they are."""
    exact: bool = True
    """True if different values can't have become one."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return tuple(
            value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            for value in self.values
        )

    @property
    def counts(self) -> Array:
        """Number of rows of each level."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))

    @property
    def are_whole(self) -> bool:
        """True if all are whole numbers."""
        return self.numbers is not None and bool((self.numbers == np.round(self.numbers)).all())

    def targets(self) -> Array:
        """The number of each row. Of words there are none."""
        return np.empty(0) if self.numbers is None else self.numbers[self.codes]


def levels_of(values: Array) -> Levels:
    """The levels of an array (rows,) of numbers or words; whole numbers never become floats."""
    different, codes = np.unique(values, return_inverse=True)
    are_numbers = values.dtype.kind != "U" and values.dtype.kind != "S"
    numbers = different.astype(np.float64) if are_numbers else None
    return Levels(different.tolist(), codes, numbers, values.dtype.kind != "f")


def levels_of_column(pieces: Sequence[Any], numerals: Numerals, missing: Sequence[str]) -> Levels:
    """The levels of a column in pieces; words that all stand for numbers are numbers."""
    if all(is_numeric_dtype(piece) and not is_bool_dtype(piece) for piece in pieces):
        gaps = np.concatenate([piece.isna().to_numpy() for piece in pieces])
        levels = levels_of(joined([piece.dropna().to_numpy() for piece in pieces]))
        codes = np.full(len(gaps), -1)
        codes[~gaps] = levels.codes
        return Levels(levels.values, codes, levels.numbers, levels.exact)
    words = Words(pieces, missing)
    codes = np.concatenate([words.positions(piece) for piece in pieces])
    numbers = numbers_of(words.known, numerals)
    if numbers is None:
        return Levels(words.known, codes, None)
    if any(map(CODE.fullmatch, words.known)):
        # Each word is a class of its own; equal numbers stand side by side.
        order = np.argsort(numbers, kind="stable")
        rank = np.argsort(order)
    else:
        # One class, though written in two ways, as 1 and 1.0.
        _, order, rank = np.unique(numbers, return_index=True, return_inverse=True)
    values = [words.known[position] for position in order]
    # What is missing has the code -1.
    codes = np.append(rank, -1)[codes]
    return Levels(values, codes, numbers[order].astype(np.float64), numbers.dtype.kind != "f")


def numbers_of(words: Sequence[str], numerals: Numerals) -> Array | None:
    """The numbers that all of some words stand for, or None; whole ones never become floats."""
    if all(map(WHOLE.fullmatch, words)):
        whole = list(map(int, words))
        small = all(-EXACT <= number <= EXACT for number in whole)
        return np.array(whole, np.int64 if small else object)
    numbers = numerals.numbers(words) or dates(words)
    return None if numbers is None else np.array(numbers)


def joined(arrays: Sequence[Array]) -> Array:
    """Arrays one behind the other, of which whole numbers stay whole."""
    values = np.concatenate(arrays)
    if values.dtype.kind == "f" and all(array.dtype.kind in "biu" for array in arrays):
        return np.concatenate([array.astype(object) for array in arrays])
    return values


def guess_task(levels: Levels) -> Task:
    """Words and few different whole numbers are classes, other numbers are a regression."""
    few = levels.are_whole and len(levels.values) <= CLASSES
    return "classification" if levels.numbers is None or few else "regression"


def check_target(
    levels: Levels,
    task: Task,
    setting: str,
    sets: int = 3,
    advice: str = "",
    numerals: Numerals | None = None,
) -> None:
    """Raise ValueError, which begins with `setting`, for invalid targets.

    Each class needs a row in each of the sets that are drawn.
    """
    counts, numbers = levels.counts, levels.numbers
    if len(counts) < 2:
        raise ValueError(
            f"{setting}: every row has {class_text(levels, 0)}, there is nothing to learn"
        )
    if task == "classification":
        few = counts.min() < sets
        strays = strays_among_numbers(levels.names, numerals) if few and numbers is None else []
        if strays:
            raise ValueError(
                f"{setting}: must be a number in every row, but there is {strays[0]!r}"
            )
        if few:
            rare, rows = (
                class_text(levels, int(counts.argmin())),
                "row" if counts.min() == 1 else "rows",
            )
            raise ValueError(
                f"{setting}: {len(counts):,} classes in {len(levels.codes):,} rows, of which "
                f"{rare} has {counts.min()} {rows} only; each of the {sets} sets must have one of "
                f"every class (numbers: task=regression){advice}"
            )
        if not levels.exact and numbers is not None and (np.abs(numbers) > EXACT).any():
            allowed = "classes beyond 2^53 must be whole numbers or words; floats merge them"
            raise ValueError(f"{setting}: {allowed}")
    elif numbers is None:
        words = (name for name in levels.names if not is_a_number(name, numerals))
        word = next(words, levels.names[0])
        raise ValueError(f"{setting}: task=regression needs numbers, but there is {word!r}{advice}")
    elif not (np.abs(numbers) <= LARGEST).all():
        raise ValueError(f"{setting}: every number must be finite, and no larger than {LARGEST:g}")


def check_classes_of_test(levels: Levels, test_rows: int, setting: str) -> None:
    """Raise ValueError for a class of which there are not enough rows before the test set."""
    before = np.bincount(levels.codes[:-test_rows], minlength=len(levels.values))
    few = np.flatnonzero(before < 2)
    if few.size:
        allowed = "must have two rows or more outside the test set"
        raise ValueError(f"{setting}: the class {class_text(levels, int(few[0]))} {allowed}")


def class_text(levels: Levels, position: int) -> str:
    """A value of a target as an error shows it."""
    name = levels.names[position]
    return name if levels.numbers is not None else repr(name)


def remarks_on_target(levels: Levels, task: Task, name: str, advice: str) -> Iterator[str]:
    """Notes on a target that is valid, but may be meant otherwise."""
    rows, numbers = len(levels.codes), levels.numbers
    if task == "classification" and len(levels.values) >= HARDLY * rows:
        yield f"{name} has {len(levels.values):,} classes in {rows:,} rows{advice}"
    rounded = numbers is not None and levels.are_whole and (np.abs(numbers) > EXACT).any()
    if task == "regression" and rounded:
        yield f"{name} has whole numbers beyond 2^53, which are rounded"


def advice_on(levels: Levels, numerals: Numerals) -> str:
    """Options that could make numbers of a target's words, in brackets; empty for none."""
    if levels.numbers is not None:
        return ""
    if are_other_dates(levels.names):
        return " (dates written as 2024-01-31 are numbers)"
    advice = numerals.advice(levels.names)
    return f" (numbers with {advice})" if advice else ""
