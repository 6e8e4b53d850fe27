"""The user's own tables: CSV, compressed or not, and Parquet."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

from nnbench.data import csv_files, parquet, table
from nnbench.data.columns import Words
from nnbench.data.csv_files import Format
from nnbench.data.dataset import Dataset
from nnbench.data.encoders import listed, numbers_rows
from nnbench.data.memory_needed import existing
from nnbench.data.numerals import Numerals, dates, is_a_number
from nnbench.data.opening import begins_with, stem
from nnbench.run.metrics import Task
from nnbench.safety.error_text import one_line

NAMELESS = re.compile(r"Unnamed: \d+(\.\d+)*|__index_level_\d+__")
"""pandas' name of a column without one, such as the index that it writes itself."""


def load(
    name: str,
    path: str,
    target: str,
    *,
    test_path: str | None = None,
    task: Task | None = None,
    shape: Sequence[int] | None = None,
    text: str | None = None,
    text_features: int = 256,
    drop: Sequence[str] = (),
    separator: str = ",",
    decimal: str | None = None,
    thousands: str | None = None,
    missing: Sequence[str] | None = None,
    encoding: str | None = None,
    skip_rows: int | None = None,
) -> Dataset:
    """The table of a file, or of two: the second is the test set of every run.

    The data set is named after the file, not by `name`, the option. A relative path begins at the
    working directory. Raises ValueError, as `option=value: what is allowed`, for invalid files.
    """
    form = Format(separator, decimal, thousands, missing, encoding, skip_rows)
    reading = table.Reading(
        target, task, shape, text, text_features, drop, form.numerals, form.words
    )
    paths = {"path": path, **({} if test_path is None else {"test_path": test_path})}
    files = {option: File(option, str(place), form, reading) for option, place in paths.items()}
    table.check_columns(files["path"].names, reading)
    tables = read_alike(files, reading)
    notes = left_out_index(tables, str(reading.target))
    if reading.missing is None and files["path"].is_parquet:
        # What is missing there is no word.
        reading = replace(reading, missing=[])
    frames, test = tables["path"], tables.get("test_path", [])
    test_rows = sum(map(len, test))
    frames += [frame[list(frames[0].columns)] for frame in table.emptied(test)]
    return table.dataset(
        stem(path),
        frames,
        reading,
        " and ".join(map(str, paths.values())),
        test_rows=test_rows,
        declared=set().union(*(file.categories for file in files.values())),
        notes=notes,
    )


@dataclass(frozen=True)
class File:
    """A file that an option names, and how to read it."""

    option: str
    path: str
    form: Format
    reading: table.Reading

    @property
    def setting(self) -> str:
        """The beginning of errors about the file, `option=path`."""
        return f"{self.option}={self.path}"

    @cached_property
    def place(self) -> Path:
        """Path of the file. Raises ValueError if there is none."""
        return existing(self.option, self.path)

    @cached_property
    def is_parquet(self) -> bool:
        """True if it is Parquet, whatever its name ends with."""
        place = self.place
        with self.explained():
            return begins_with(place, parquet.MAGIC)

    @cached_property
    def names(self) -> list[str]:
        """Names of the columns."""
        is_parquet = self.is_parquet
        with self.explained():
            if is_parquet:
                names = parquet.header(self.place)
            else:
                names = csv_files.header(self.place, self.form, str(self.reading.target).strip())
            refuse_twins(names)
        return names

    @cached_property
    def categories(self) -> set[str]:
        """The columns that are declared categories, which text can't do."""
        return parquet.categories(self.place) if self.is_parquet else set()

    def read(self, as_text: Collection[str] = ()) -> list[pd.DataFrame]:
        """The columns that aren't left out, in pieces, some `as_text` whatever they look like."""
        target = str(self.reading.target).strip()
        names = [name for name in self.names if name not in self.reading.dropped]
        with self.explained():
            if self.is_parquet:
                frames = parquet.pieces(self.place, names, as_text, target, csv_files.ROWS)
            else:
                frames = csv_files.pieces(self.place, self.form, self.names, as_text, target)
                if len(names) < len(self.names):
                    frames = [frame[names] for frame in table.emptied(frames)]
        if not sum(map(len, frames)):
            raise ValueError(f"{self.setting}: has no rows")
        return frames

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Give a one-line reason if reading fails."""
        try:
            yield
        except pd.errors.EmptyDataError as error:
            raise ValueError(f"{self.setting}: {error}") from error
        except UnicodeError as error:
            allowed = "dataset.encoding=cp1252 (or gbk, shift_jis, …) says in what it is"
            text = f"must be text in {self.form.encoding or 'UTF-8'}; {allowed}"
            raise ValueError(f"{self.setting}: {text}") from error
        except pd.errors.ParserWarning as error:
            reason = "rows have more cells than the header"
            raise ValueError(f"{self.setting}: reading it failed: {reason}") from error
        except Exception as error:  # A library may raise any error for an invalid file.
            skipped = self.form.skip_rows or 0
            reason = one_line(error)
            if isinstance(error, pd.errors.ParserError):
                reason = re.sub(r"\d+(?=, saw)", lambda line: str(int(line[0]) + skipped), reason)
            names_column = reason.startswith(f"target={self.reading.target}")
            text = reason if names_column else f"{self.setting}: reading it failed: {reason}"
            raise ValueError(text) from error


def read_alike(files: Mapping[str, File], reading: table.Reading) -> dict[str, list[pd.DataFrame]]:
    """The files' tables in pieces, by option; a column is numbers in all pieces or words in all.

    Raises ValueError if the test file has other columns than the first, or words for its numbers.
    """
    tables = {option: file.read() for option, file in files.items()}
    if "test_path" in files:
        refuse_missing_columns(tables, files["test_path"].setting)
    mixed = mixed_columns([frame for frames in tables.values() for frame in frames])
    if mixed:
        # Once more, so that 1 and 01 are still two words.
        numeric = mixed - words_in(tables["path"])
        tables = {option: file.read(mixed) for option, file in files.items()}
        if "test_path" in files:
            refuse_words(numeric, tables, reading, files["test_path"].setting)
    return tables


def refuse_twins(columns: Iterable[str]) -> None:
    """Raise ValueError if two columns have one name."""
    twins = [column for column, number in Counter(columns).items() if number > 1]
    if twins:
        raise ValueError(f"two columns are called {twins[0]!r}")


def refuse_missing_columns(tables: Mapping[str, Sequence[pd.DataFrame]], setting: str) -> None:
    """Raise ValueError unless the test file has path's columns, but for a nameless index."""
    for frame in tables["test_path"]:
        for column in tables["path"][0].columns:
            if column not in frame.columns and not NAMELESS.fullmatch(column):
                raise ValueError(f"{setting}: has no column {column!r}, as path has")


def refuse_words(
    numeric: Iterable[str],
    tables: Mapping[str, Sequence[pd.DataFrame]],
    reading: table.Reading,
    setting: str,
) -> None:
    """Raise ValueError if the test file has words in a column of which the rest is numbers."""
    numerals = reading.numerals or Numerals()
    for column in sorted(numeric):
        pieces = [frame[column] for frames in tables.values() for frame in frames]
        words = Words(pieces, reading.missing or ()).known
        if column != reading.text and numerals.numbers(words) is dates(words) is None:
            word = next(word for word in words if not is_a_number(word, numerals))
            allowed = f"column {column!r} has text, where path has numbers: {word!r}"
            raise ValueError(f"{setting}: {allowed}")


def left_out_index(tables: Mapping[str, Sequence[pd.DataFrame]], target: str) -> list[str]:
    """Leave out columns without a name that only number rows, as pandas and R write them."""
    columns = [
        column
        for column in tables["path"][0].columns
        if NAMELESS.fullmatch(column)
        and column != target
        and numbers_rows([frame[column].to_numpy() for frame in tables["path"]])
    ]
    for frame in (frame for frames in tables.values() for frame in frames):
        for column in columns:
            if column in frame:
                frame.pop(column)
    note = f"left out, a column without a name that numbers the rows: {listed(columns)}"
    return [note] if columns else []


def words_in(frames: Sequence[pd.DataFrame]) -> set[str]:
    """The columns that have words in some piece."""
    return {
        str(column)
        for frame in frames
        for column, dtype in frame.dtypes.items()
        if not is_numeric_dtype(dtype) and frame[column].notna().to_numpy().any()
    }


def mixed_columns(frames: Sequence[pd.DataFrame]) -> set[str]:
    """The columns that are numbers in some pieces and words in others."""
    return {
        column
        for column in words_in(frames)
        if any(
            is_numeric_dtype(frame.dtypes[column]) and frame[column].notna().to_numpy().any()
            for frame in frames
            if column in frame
        )
    }
