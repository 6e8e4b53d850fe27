"""A table as an HTML page has it: the text, link, sort key and classes of every cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nnbench.pages.section import Table
from nnbench.pages.table_cells import Cell, Link, Number

TOGETHER = re.compile(r" \(\d+%\)|\([^()]{1,30}\)")
"""A share with its number, or an interval: text in a number's cell that no line breaks."""

LONG = 32
"""Characters of a cell beyond which its column is broken into lines."""


@dataclass(frozen=True)
class HtmlColumn:
    """A column's name and how it is sorted and shown."""

    name: str
    numeric: bool
    """True if it is sorted by numbers, which some of its cells hold."""
    long: bool
    pinned: bool
    """True if it names the rows, and stays in sight."""

    @property
    def classes(self) -> str:
        """Classes of its head and its cells."""
        classes = {"pinned": self.pinned, "words": self.long, "number": self.numeric}
        return " ".join(name for name, applies in classes.items() if applies)


@dataclass(frozen=True)
class HtmlCell:
    """The content of a cell."""

    text: str
    href: str | None
    value: str | None
    """The number to sort by, unless the text is that number."""
    classes: str


@dataclass(frozen=True)
class HtmlTable:
    """A table's columns and rows."""

    columns: Sequence[HtmlColumn]
    rows: Sequence[Sequence[HtmlCell]]


def html_table(table: Table) -> HtmlTable:
    """The columns and cells of a table for the template."""
    columns = [column_of(table, place) for place in range(len(table.columns))]
    rows = [
        [cell_of(cell, column) for cell, column in zip(row, columns, strict=True)]
        for row in table.rows
    ]
    return HtmlTable(columns, rows)


def column_of(table: Table, place: int) -> HtmlColumn:
    """A column, which is numeric if any of its cells holds a number."""
    cells = [row[place] for row in table.rows]
    numeric = any(isinstance(cell, Number) and cell.value == cell.value for cell in cells)
    long = not numeric and any(len(str(cell)) > LONG for cell in cells)
    return HtmlColumn(table.columns[place], numeric, long, pinned=place == table.pinned)


def cell_of(cell: Cell, column: HtmlColumn) -> HtmlCell:
    """A cell; in a numeric column one without a number has an empty key, and is sorted last."""
    text = str(cell)
    key = sort_key(cell) if column.numeric else None
    href = cell.href if isinstance(cell, Link) else None
    unbroken_text = TOGETHER.sub(unbroken, text) if column.numeric else text
    return HtmlCell(unbroken_text, href, None if key == text else key, column.classes)


def unbroken(text: re.Match[str]) -> str:
    """The text with spaces that break no line."""
    return text[0].replace(" ", "\N{NO-BREAK SPACE}")


def sort_key(cell: Cell) -> str:
    """The value of a cell as JavaScript reads numbers; empty for none."""
    if not isinstance(cell, Number) or cell.value != cell.value:
        return ""
    return f"{cell.value:.12g}".replace("inf", "Infinity")
