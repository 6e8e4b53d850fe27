"""Encoders that make numbers of columns of numbers, categories and text."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from nnbench.engine.arrays import LARGEST, Array

CATEGORIES = 1000
"""Values of a column beyond which they are hardly categories."""


class Encoder(Protocol):
    """An encoder of a column as numbers."""

    width: int
    """Number of inputs that the column becomes."""

    def encode(self, column: Any, out: Array) -> None:
        """Write the numbers of some rows into `out`, (rows, width)."""


class Number:
    """A column of numbers; what is missing stays NaN."""

    width = 1

    def encode(self, column: Any, out: Array) -> None:
        out[:, 0] = self.numbers(column)
        if (np.abs(out) > LARGEST).any():
            raise ValueError(f"column {column.name!r} has a number that is larger than {LARGEST:g}")

    def numbers(self, column: Any) -> Array:
        """Its numbers (rows,)."""
        numbers: Array = column.to_numpy(np.float64, na_value=np.nan)
        return numbers


class NumberWords(Number):
    """A column of words that stand for numbers."""

    def __init__(self, words: "Words", numbers: Sequence[float]) -> None:
        self.words = words
        # What is missing has the position -1, which is the last.
        self.values = np.array([*numbers, np.nan])

    def numbers(self, column: Any) -> Array:
        """Numbers that its words stand for."""
        return self.values[self.words.positions(column)]


class Category:
    """A column of categories, one-hot; what is missing is a category of its own."""

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.width = len(words.known) + words.has_gaps

    def encode(self, column: Any, out: Array) -> None:
        out[:] = 0
        # What is missing has the position -1, which is the last column.
        out[np.arange(len(out)), self.words.positions(column)] = 1


class Text:
    """A column of text: how often its words, and pairs of them, occur, hashed."""

    def __init__(self, features: int) -> None:
        self.width = features
        self.vectorizer = HashingVectorizer(n_features=features, ngram_range=(1, 2))

    def encode(self, column: Any, out: Array) -> None:
        # Not written into `out` itself, which isn't contiguous beside other columns.
        out[:] = self.vectorizer.transform(column.astype(object).fillna("").astype(str)).toarray()


class Words:
    """The different words of a column in pieces, without the space around them, sorted.

    An empty one is missing, as are those that are said to be.
    """

    def __init__(self, columns: Sequence[Any], missing: Collection[str] = ()) -> None:
        self.missing = frozenset(["", *missing])
        categories = [as_category(column).cat.categories for column in columns]
        words = {str(word).strip() for category_words in categories for word in category_words}
        self.known = sorted(words - self.missing)
        self.place = {word: position for position, word in enumerate(self.known)}
        self.has_gaps = any(bool((self.positions(column) < 0).any()) for column in columns)

    def positions(self, column: Any) -> Array:
        """The position of each row's word among the known, -1 where it is missing."""
        column = as_category(column)
        places = [self.place.get(str(word).strip(), -1) for word in column.cat.categories]
        positions: Array = np.array([*places, -1])[column.cat.codes.to_numpy()]
        return positions


def as_category(column: Any) -> Any:
    """A column as one of categories."""
    return column.astype("category")
