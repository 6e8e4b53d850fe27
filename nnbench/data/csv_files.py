"""Tables of text: which columns one has, and its rows in pieces."""

import csv
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from nnbench.allowed import Allowed, check_fields, is_list, whole
from nnbench.data.numerals import EXACT, Numerals
from nnbench.data.opening import check_encoding, opened

ROWS = 50_000
"""Rows of a file that are read at a time."""

LINES = 30
"""Lines at the beginning of a file among which a header is looked for."""

SEPARATORS = (",", ";", "\t", "|")
"""Usual separators of cells."""

CHARACTER = Allowed(
    r"one character, or '\t' for a tab",
    lambda value: isinstance(value, str) and (len(value) == 1 or value == r"\t"),
)
WORDS = Allowed("a list of words: ['?',NA]", is_list)


@dataclass(frozen=True)
class Format:
    """Notation of a text file's cells; every field is an option of its data set."""

    separator: Annotated[str, CHARACTER] = ","
    decimal: str | None = None
    thousands: str | None = None
    missing: Annotated[Sequence[str] | None, WORDS.or_null("for the usual ones")] = None
    encoding: str | None = None
    skip_rows: Annotated[int | None, whole(0).or_null("for none")] = None
    numerals: Numerals = field(init=False)

    def __post_init__(self) -> None:
        check_fields(self)
        check_encoding(self.encoding)
        # Hydra leaves the two characters as they are.
        separator = "\t" if self.separator == r"\t" else self.separator
        object.__setattr__(self, "separator", separator)
        object.__setattr__(self, "numerals", Numerals(self.decimal, self.thousands, separator))

    @property
    def words(self) -> list[str] | None:
        """The words that are missing, as they stand in a file; None for pandas' own list."""
        return None if self.missing is None else list(map(str, self.missing))

    @property
    def options(self) -> dict[str, Any]:
        """The same as pandas wants it."""
        missing = {} if self.words is None else {"na_values": ["", *self.words]}
        return {
            "sep": self.separator,
            "decimal": self.decimal or ".",
            "thousands": self.thousands,
            "keep_default_na": self.words is None,
            **missing,
        }


@contextmanager
def text_of(file: Path, form: Format) -> Iterator[IO[str]]:
    """The text of a file from its header on."""
    with opened(file, form.encoding) as text:
        # pandas would count a cell of several lines as one.
        for _ in range(form.skip_rows or 0):
            text.readline()
        yield text


@contextmanager
def rows_of(text: Iterable[str], separator: str) -> Iterator[Any]:
    """The rows of a text, whose cells may be of any length."""
    limit = csv.field_size_limit(sys.maxsize)
    try:
        yield csv.reader(text, delimiter=separator)
    finally:
        csv.field_size_limit(limit)


def header(file: Path, form: Format, target: str) -> list[str]:
    """Names of the columns, without the space around them; those without a name as by pandas.

    Raises ValueError if the target is in another line, or the cells are separated otherwise;
    EmptyDataError if there are no rows.
    """
    skipped = form.skip_rows or 0
    with text_of(file, form) as text:
        lines = list(islice(text, LINES))
    rows = [row for row, _ in rows_in(lines, form.separator)]
    if len(rows) < 2:
        raise pd.errors.EmptyDataError("has no rows" if rows else "is empty")
    names = [name or f"Unnamed: {i}" for i, name in enumerate(rows[0])]
    if target and target not in names:
        others = dict.fromkeys((form.separator, *SEPARATORS))
        for separator in others:
            for row, line in rows_in(lines, separator):
                if target in row:
                    raise ValueError(f"target={target}: {advice(form, separator, skipped + line)}")
    return names


def rows_in(lines: Sequence[str], separator: str) -> Iterator[tuple[list[str], int]]:
    """The cells of every row, and how many lines are before it; rows without any are left out."""
    with rows_of(lines, separator) as rows:
        before = 0
        for row in rows:
            if row:
                yield [cell.strip().lstrip("\ufeff").strip() for cell in row], before
            before = rows.line_num


def advice(form: Format, separator: str, line: int) -> str:
    """The options that make a header of a line."""
    quoted = repr(separator)
    words = [f'"dataset.separator={quoted}"'] if separator != form.separator else []
    words += [f"dataset.skip_rows={line}"] if line != (form.skip_rows or 0) else []
    return f"no such column, but with {' '.join(words)} there is one"


def pieces(
    file: Path, form: Format, names: Sequence[str], as_text: Collection[str], target: str
) -> list[pd.DataFrame]:
    """The rows, some at a time, with columns of words as categories.

    Columns that are to be read `as_text` are words, whatever those look like; so is the target,
    unless numbers say as much as its words.
    """
    frames = []
    with warnings.catch_warnings(), text_of(file, form) as text:
        # Of rows that are all too long pandas would only leave out the last column.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        with pd.read_csv(
            text,
            header=0,
            names=list(names),
            index_col=False,
            chunksize=ROWS,
            low_memory=False,
            dtype={name: str for name in names if name in as_text or name == target},
            **form.options,
        ) as pieces:
            for piece in pieces:
                if target in piece and target not in as_text:
                    piece[target] = numbers_of(piece[target])
                words = [c for c, dtype in piece.dtypes.items() if not is_numeric_dtype(dtype)]
                categories = dict.fromkeys(words, "category")
                frames.append(piece.astype(categories) if words else piece)
    # pandas takes a row that ends early for one whose last cells are empty.
    if any(bool(frame.iloc[:, -1].isna().any()) for frame in frames):
        refuse_short_rows(file, form)
    return frames


def numbers_of(column: Any) -> Any:
    """A column of words as numbers, if these say as much: not of 007, nor of what is missing."""
    words = column.tolist()
    try:
        whole = list(map(int, words))
        same = list(map(str, whole)) == words and all(-EXACT <= number <= EXACT for number in whole)
        return np.array(whole, np.int64) if same else column
    except (TypeError, ValueError):
        pass
    try:
        numbers = np.array(list(map(float, words)))
    except (TypeError, ValueError):
        return column
    return column if np.isnan(numbers).any() else numbers


def refuse_short_rows(file: Path, form: Format) -> None:
    """Raise ValueError for a row with fewer cells than the first."""
    with text_of(file, form) as text, rows_of(text, form.separator) as rows:
        width = len(next(row for row in rows if row))
        for row in rows:
            if row and len(row) < width:
                line = (form.skip_rows or 0) + rows.line_num
                raise ValueError(f"expected {width} cells in line {line}, found {len(row)}")
