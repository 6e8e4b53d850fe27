"""The user's own tables: CSV, compressed or not, and Parquet."""

import bz2
import csv
import gzip
import lzma
import warnings
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from nnbench.data import table
from nnbench.data.dataset import Dataset, Task
from nnbench.data.room import require_room_for_file

ROWS = 50_000
"""Rows of a file that are read at a time."""

OPENERS: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


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
) -> Dataset:
    """The table of a file, or of two: the second is the test part of every run.

    A relative path begins at the working directory. Raises ValueError, as `option=value: what is
    allowed`, for what can't be read.
    """
    reading = table.Reading(target, task, shape, text, text_features, drop)
    # Hydra leaves the two characters as they are.
    separator = "\t" if separator == r"\t" else separator
    if not isinstance(separator, str) or len(separator) != 1:
        raise ValueError(f"separator={separator}: must be one character, or '\\t' for a tab")
    files = {"path": path, **({} if test_path is None else {"test_path": test_path})}
    parts = {option: read(option, file, separator) for option, file in files.items()}
    refuse_unlike(parts["path"], parts.get("test_path", []), drop, f"test_path={test_path}")
    mixed = mixed_columns([frame for frames in parts.values() for frame in frames])
    if mixed:
        # Once more, so that 1 and 01 are still two words.
        parts = {option: read(option, file, separator, mixed) for option, file in files.items()}
    frames = parts["path"]
    test = parts.get("test_path", [])
    test_rows = sum(map(len, test))
    frames += [frame[frames[0].columns] for frame in table.emptied(test)]
    source = " and ".join(map(str, files.values()))
    return table.dataset(name, frames, reading, source, test_rows=test_rows)


def existing(option: str, path: str) -> Path:
    """The file that an option names. Raises ValueError if there is none."""
    file = Path(str(path)).expanduser()
    if not file.is_file():
        what = "is a directory, not a file" if file.is_dir() else "no such file"
        raise ValueError(f"{option}={path}: {what}")
    require_room_for_file(option, path, file)
    return file


def read(
    option: str, path: str, separator: str, as_text: Collection[str] = ()
) -> list[pd.DataFrame]:
    """A file in pieces, some columns `as_text` whatever they look like."""
    file, said = existing(option, path), f"{option}={path}"
    try:
        if ".parquet" in file.suffixes:
            frame = pd.read_parquet(file)
            frames = [frame.astype(dict.fromkeys(as_text, str))]
        else:
            frames = read_pieces(file, separator, as_text)
    except pd.errors.EmptyDataError as error:
        raise ValueError(f"{said}: is empty") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{said}: must be text in UTF-8") from error
    except pd.errors.ParserWarning as error:
        raise ValueError(f"{said}: can't be read, rows have more cells than the header") from error
    except Exception as error:  # Whatever a library finds wrong with what is somebody's file.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"{said}: can't be read, {reason}") from error
    if not sum(map(len, frames)):
        raise ValueError(f"{said}: has no rows")
    return frames


def read_pieces(file: Path, separator: str, as_text: Collection[str]) -> list[pd.DataFrame]:
    """A CSV file in pieces, whose columns of words are categories."""
    # As they are in the file; what pandas calls them is always different.
    first = pd.read_csv(file, sep=separator, header=None, nrows=1, dtype=str, index_col=False)
    refuse_twins(first.iloc[0].dropna())
    frames = []
    with warnings.catch_warnings():
        # Of rows that are all too long pandas would only leave out the last column.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        with pd.read_csv(
            file,
            sep=separator,
            chunksize=ROWS,
            index_col=False,
            low_memory=False,
            dtype=dict.fromkeys(as_text, str),
        ) as pieces:
            for piece in pieces:
                words = [c for c in piece.columns if not is_numeric_dtype(piece[c])]
                frames.append(piece.astype(dict.fromkeys(words, "category")))
    # pandas takes a row that ends early for one whose last cells are empty.
    if any(bool(frame.iloc[:, -1].isna().any()) for frame in frames):
        refuse_short_rows(file, separator)
    return frames


def refuse_twins(columns: Iterable[str]) -> None:
    """Raise ValueError if two columns have one name."""
    twins = [column for column, number in Counter(columns).items() if number > 1]
    if twins:
        raise ValueError(f"two columns are called {twins[0]!r}")


def refuse_unlike(
    frames: Sequence[pd.DataFrame], test: Sequence[pd.DataFrame], drop: Sequence[str], said: str
) -> None:
    """Raise ValueError unless the test part has the others' columns, and numbers where they do."""
    for frame in test:
        lost = [column for column in frames[0].columns if column not in frame.columns]
        if lost:
            raise ValueError(f"{said}: has no column {lost[0]!r}, as path has")
    words = {c for frame in frames for c in frame.columns if not is_numeric_dtype(frame[c])}
    for column in frames[0].columns if test else ():
        pieces = [frame[[column]] for frame in (*frames, *test)]
        if mixed_columns(pieces) and column not in {*words, *map(str, drop)}:
            raise ValueError(f"{said}: column {column!r} has text, where path has numbers")


def refuse_short_rows(file: Path, separator: str) -> None:
    """Raise ValueError for a row with fewer cells than the first."""
    with opened(file) as text:
        rows = csv.reader(text, delimiter=separator)
        width = len(next(row for row in rows if row))
        for row in rows:
            if row and len(row) < width:
                raise ValueError(f"line {rows.line_num} has {len(row)} cells instead of {width}")


@contextmanager
def opened(file: Path) -> Iterator[IO[str]]:
    """The text of a file, compressed or not."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive, archive.open(archive.namelist()[0]) as inner:
            yield TextIOWrapper(inner, "utf-8-sig", newline="")
    else:
        with OPENERS.get(file.suffix, open)(file, "rt", encoding="utf-8-sig", newline="") as text:
            yield text


def mixed_columns(frames: Sequence[pd.DataFrame]) -> set[str]:
    """The columns that are numbers in some pieces and words in others."""
    numbers: set[str] = set()
    words: set[str] = set()
    for frame in frames:
        for column in frame.columns:
            if not is_numeric_dtype(frame[column]):
                words.add(column)
            elif np.asarray(frame[column].notna()).any():
                numbers.add(column)
    return numbers & words
