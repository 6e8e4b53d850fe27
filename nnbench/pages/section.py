"""The elements of a page: sections, with tables and figures in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nnbench.pages.cells import Cell
from nnbench.pages.figures import Figure


@dataclass(frozen=True)
class Table:
    """A table as it is read, and with all digits as a file."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    data: pd.DataFrame
    notes: Sequence[str] = ()
    folded: bool = False
    """True if a page shows it only on demand."""
    pinned: int = 0
    """The column that names a row, and stays in sight where a page is too narrow for all."""


@dataclass(frozen=True)
class Section:
    """A heading with text, lists, commands, tables and figures below it."""

    slug: str
    title: str
    text: Sequence[str] = ()
    points: Sequence[tuple[str, str]] = ()
    """Remarks, each with a command that goes with it, or nothing."""
    commands: Sequence[str] = ()
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()


@dataclass(frozen=True)
class Page:
    """A summary in sentences, and the sections behind it."""

    title: str
    subject: str
    """The subject: any text, since a user may have chosen it."""
    sentences: Sequence[str]
    sections: Sequence[Section]
    origin: str
    """The source of the page, as a sentence."""
    command: str
    """The command that writes it again."""
    data: Mapping[str, Any] | None = None
    """All of it for machines, as report.json; see `strict_json.as_json` for what may be in it."""
