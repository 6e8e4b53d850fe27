"""A table as a page has it: what its cells say, where they lead, and what they are sorted by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nnbench.pages.section import Link, Table

NUMBER = re.compile(r"[~≈<>≤≥]?\s*([+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)[%×]?(?=\s|$)", re.I)
"""A number at the beginning of a cell, alone or with its interval or unit behind it."""

MISSING = {"", "—", "-", "null", "none", "lost", "worst", "reference"}
"""What stands in a column of numbers where there is none; always the last rows."""

LONG = 32
"""Characters of a cell beyond which its column is broken into lines."""


@dataclass(frozen=True)
class Column:
    """A column's name and what it is like."""

    name: str
    numeric: bool
    pinned: bool


@dataclass(frozen=True)
class Cell:
    """What stands in a place."""

    text: str
    href: str | None
    value: str | None
    """The number that it is sorted by, where the text isn't just that."""
    classes: str


@dataclass(frozen=True)
class Grid:
    """A table's columns and rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def grid(table: Table) -> Grid:
    """The table as a page has it."""
    numbers = [numbers_of(table, number) for number in range(len(table.columns))]
    columns = [
        Column(name, values is not None, number == table.pinned)
        for number, (name, values) in enumerate(zip(table.columns, numbers, strict=True))
    ]
    long = [
        values is None and any(len(str(row[number])) > LONG for row in table.rows)
        for number, values in enumerate(numbers)
    ]
    rows = [
        [
            cell_of(cell, values[place] if values else None, column, is_long)
            for cell, values, column, is_long in zip(row, numbers, columns, long, strict=True)
        ]
        for place, row in enumerate(table.rows)
    ]
    return Grid(columns, rows)


def cell_of(cell: str | Link, value: float | None, column: Column, is_long: bool) -> Cell:
    """A cell; one without a number needs none to be sorted."""
    text, href = str(cell), cell.href if isinstance(cell, Link) else None
    # As JavaScript reads it.
    said = None if value is None or value != value else f"{value:.12g}".replace("inf", "Infinity")
    classes = " ".join(["pinned"] * column.pinned + ["words"] * is_long)
    return Cell(text, href, None if said == text else said, classes)


def numbers_of(table: Table, column: int) -> list[float] | None:
    """A number for each row of a column, NaN where there is none; None for words."""
    key = table.sort_by[column] if column < len(table.sort_by) else ""
    if not key:
        return numbers_in([str(row[column]) for row in table.rows])
    # A table may show its first rows only.
    values = pd.to_numeric(table.data[key], errors="coerce").head(len(table.rows))
    return None if values.isna().all() else values.astype(float).tolist()


def numbers_in(texts: Sequence[str]) -> list[float] | None:
    """What the texts begin with, if they are numbers, but for those that say there is none."""
    found = [NUMBER.match(text.strip().replace("−", "-")) for text in texts]
    missing = [text.strip().lower() in MISSING for text in texts]
    if not any(found) or not all(match or gone for match, gone in zip(found, missing, strict=True)):
        return None
    return [float(match[1].replace(",", "")) if match else float("nan") for match in found]
