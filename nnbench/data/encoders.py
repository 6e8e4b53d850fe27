"""Encoders for the columns of a table: numbers, words that stand for numbers, categories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pandas.api.types import is_numeric_dtype

from nnbench.data.columns import CATEGORIES, Category, Encoder, Number, NumberWords, Text, Words
from nnbench.data.numerals import (
    BOOLEANS,
    EXACT,
    Numerals,
    are_other_dates,
    dates,
    strays_among_numbers,
)

NAMES = 20
"""Columns that a note or an error lists, at most."""

STRAYS = 5
"""Words among numbers that a hint lists, at most."""

HARDLY = 0.4
"""Share of the rows from which on the different words of a column are hardly categories."""


@dataclass
class Kinds:
    """Encoders of the columns, and notes on them."""

    numerals: Numerals | None
    """Notation of numbers; None where no option says so."""
    missing: Sequence[str] | None
    """Words that stand for nothing; None where no option says which."""
    encoders: dict[str, Encoder] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    """Note → its columns."""
    spelled: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Columns of words that stand for numbers, with the longest and its number."""
    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    """Notes on single columns: before those on groups, and after them."""

    @property
    def notes(self) -> Iterator[str]:
        """All there is to say."""
        yield from self.first
        if self.spelled:
            word, number = max(self.spelled.values(), key=lambda example: len(example[0]))
            yield f"{listed([*self.spelled])}: text that is all numbers ({word!r} is {number:.15g})"
        for text, columns in self.groups.items():
            yield text.format(listed(columns))
        yield from self.last

    def take_text(self, column: str, features: int) -> None:
        """Take a column for text."""
        self.encoders[column] = Text(features)
        self.last.append(f"{column}: words and pairs of words, hashed")

    def take(self, column: str, pieces: Sequence[Any], declared: bool) -> None:
        """Decide on a column in pieces; one that is `declared` a category stays one.

        Raises ValueError if its words are neither numbers nor categories.
        """
        if all(is_numeric_dtype(piece.dtype) for piece in pieces):
            arrays = [
                piece.to_numpy(na_value=np.nan) if piece.hasnans else piece.to_numpy()
                for piece in pieces
            ]
            if all(array.dtype.kind == "f" and np.isnan(array).all() for array in arrays):
                self.group("left out, with nothing in it: {}", column)
                return
            self.encoders[column] = Number()
            self.remark_on_numbers(column, arrays)
        else:
            words = Words(pieces, self.missing or ())
            if not words.known:
                self.group("left out, with nothing in it: {}", column)
            elif declared or not self.take_spelled(column, words):
                self.take_category(column, words, sum(map(len, pieces)), declared)

    def take_spelled(self, column: str, words: Words) -> bool:
        """True if all words of a column are numbers; the column is then encoded as numbers."""
        numerals = self.numerals or Numerals()
        numbers = numerals.numbers(words.known)
        if numbers is not None:
            if not {word.lower() for word in words.known} <= set(BOOLEANS):
                longest = max(range(len(numbers)), key=lambda position: len(words.known[position]))
                self.spelled[column] = (words.known[longest], numbers[longest])
            self.remark_on_size(column, np.array(numbers))
        else:
            numbers = dates(words.known)
            if numbers is None:
                return False
            self.group("{}: dates, as days since 1970", column)
        self.encoders[column] = NumberWords(words, numbers)
        return True

    def take_category(self, column: str, words: Words, rows: int, declared: bool) -> None:
        """Encode a column as categories, with a note on alternatives."""
        self.group("{} one-hot", column)
        strays = strays_among_numbers(words.known, self.numerals or Numerals())
        self.first += [f"{column} has {strays[0]!r} among its numbers"] if strays else []
        hints = [] if declared else list(self.hints(column, words, strays))
        number = len(words.known)
        otherwise = (
            f"dataset.text={column} takes them for text, dataset.drop=[{column}] leaves the "
            "column out"
        )
        if number + words.has_gaps > CATEGORIES:
            also = "".join(f"; {hint}" for hint in hints)
            raise ValueError(f"column {column!r} has {number:,} different words; {otherwise}{also}")
        if number >= HARDLY * rows and not hints:
            hints = [f"{column} has {number:,} different words in {rows:,} rows; {otherwise}"]
        self.last += hints
        self.encoders[column] = Category(words)

    def hints(self, column: str, words: Words, strays: Sequence[str]) -> Iterator[str]:
        """Options by which a column of words may become one of numbers."""
        if strays and self.numerals is not None:
            missing = ",".join(map(repr, [*(self.missing or ()), *strays[:STRAYS]]))
            yield f'"dataset.missing=[{missing}]" takes what is no number in {column} for missing'
        advice = self.numerals.advice(words.known) if self.numerals else ""
        if advice:
            yield f"{column} is numbers with {advice}"
        if are_other_dates(words.known):
            yield f"{column} has dates; written as 2024-01-31 they are numbers"

    def remark_on_numbers(self, column: str, arrays: Sequence[Any]) -> None:
        """Say if a column of numbers counts the rows, or if floats don't hold it."""
        if all(array.dtype.kind in "iu" for array in arrays):
            if counts_rows(arrays):
                self.last.append(f"{column} numbers the rows; dataset.drop=[{column}] removes it")
            self.remark_on_size(column, np.array([f(a) for a in arrays for f in (np.min, np.max)]))

    def remark_on_size(self, column: str, numbers: Any) -> None:
        """Add a note if whole numbers are too large for floats to represent exactly."""
        if (np.abs(numbers.astype(float)) > EXACT).any() and (numbers == numbers.round()).all():
            self.group("{}: whole numbers beyond 2^53, rounded to floats", column)

    def group(self, text: str, column: str) -> None:
        """Note of one more column what is said of several."""
        self.groups.setdefault(text, []).append(column)


def counts_rows(arrays: Sequence[Any]) -> bool:
    """True if numbers count the rows."""
    start = arrays[0][:1]
    for array in arrays:
        if len(array) and (array[0] != start[0] or (array[1:] - array[:-1] != 1).any()):
            return False
        start = array[-1:] + 1 if len(array) else start
    return sum(map(len, arrays)) > 2


def numbers_rows(arrays: Sequence[Any]) -> bool:
    """True if numbers are whole and different in all rows, like row names."""
    values = np.concatenate(arrays)
    return values.dtype.kind in "iu" and len(np.unique(values)) == len(values)


def listed(names: Sequence[str]) -> str:
    """The first of some columns, and how many more there are."""
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return ", ".join(names[:NAMES]) + more
