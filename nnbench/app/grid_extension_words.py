"""Words for what a grid goes on for."""

from collections.abc import Sequence
from typing import TypeAlias

from nnbench.report.compare.comparison import in_words
from nnbench.run.config import Scalar

Value: TypeAlias = tuple[Scalar, ...]
"""Compared value, with an entry for each compared key."""

MOST_VALUES = 3
"""Compared values that a line names."""


def named(values: Sequence[Value], compared_keys: Sequence[str]) -> str:
    """Compared values in words, the first of them if there are many."""
    texts = [in_words(dict(zip(compared_keys, value, strict=True))) for value in values]
    more = f" and {len(texts) - MOST_VALUES} more" if len(texts) > MOST_VALUES else ""
    return ", ".join(texts[:MOST_VALUES]) + more
