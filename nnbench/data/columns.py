"""How columns of numbers, categories and text become numbers."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals
from sklearn.feature_extraction.text import HashingVectorizer

from nnbench.engine.arrays import Array

LARGEST = 1e100
"""A number beyond which sums of squares may be infinite."""

CATEGORIES = 1000
"""Values of a column beyond which they are hardly categories."""


class Encoder(Protocol):
    """How a column becomes numbers."""

    width: int
    """How many."""

    def encode(self, column: Any, out: Array) -> None:
        """Write the numbers of some rows into `out`, (rows, width)."""


class Number:
    """A column of numbers; what is missing stays NaN."""

    width = 1

    def encode(self, column: Any, out: Array) -> None:
        out[:, 0] = column.to_numpy(np.float64, na_value=np.nan)
        if (np.abs(out) > LARGEST).any():
            raise ValueError(f"column {column.name!r} has a number that is larger than {LARGEST:g}")


class Category:
    """A column of categories, one-hot; what is missing is a category of its own."""

    def __init__(self, columns: Sequence[Any]) -> None:
        found = union_categoricals([as_category(column).array for column in columns])
        self.values = sorted(found.categories)
        self.width = len(self.values) + bool(pd.isna(found).any())
        if self.width > CATEGORIES:
            name = columns[0].name
            raise ValueError(
                f"column {name!r} has {len(self.values):,} different words; dataset.text={name} "
                f"takes them for text, dataset.drop=[{name}] leaves the column out"
            )

    def encode(self, column: Any, out: Array) -> None:
        codes = pd.Categorical(as_category(column), categories=self.values).codes
        out[:] = 0
        # What is missing has the code -1, which is the last column.
        out[np.arange(len(out)), codes] = 1


class Text:
    """A column of text: how often its words, and pairs of them, occur, hashed."""

    def __init__(self, features: int) -> None:
        self.width = features
        self.vectorizer = HashingVectorizer(n_features=features, ngram_range=(1, 2))

    def encode(self, column: Any, out: Array) -> None:
        # Not written into `out` itself, which isn't contiguous beside other columns.
        out[:] = self.vectorizer.transform(column.astype(object).fillna("").astype(str)).toarray()


def as_category(column: Any) -> Any:
    """A column as one of categories, each a text."""
    made = column.astype("category")
    return made.cat.rename_categories([str(value) for value in made.cat.categories])
