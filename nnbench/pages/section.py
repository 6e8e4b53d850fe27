"""What a page is made of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from nnbench.pages.figures import Figure

NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f\\]")
"""What browsers drop or rewrite, so that an address would become another one."""


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere: over http or https, or to a place relative to the page.

    Raises ValueError for an address of any other kind.
    """

    text: str
    href: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.href)
        outside = parts.scheme in ("http", "https") and parts.netloc
        relative = self.href and not parts.scheme and not parts.netloc
        if NOT_IN_AN_ADDRESS.search(self.href) or not (outside or relative):
            raise ValueError(f"href={self.href!r}: must be http://…, https://… or relative")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """A table as it is read, and with all digits as a file."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | Link]]
    data: pd.DataFrame
    notes: Sequence[str] = ()
    folded: bool = False
    """Whether a page shows it only when asked to."""
    sort_by: Sequence[str] = ()
    """For each column the one of `data`, with the same rows, whose values say its order; where
    that is "", and of columns beyond, the text that is shown does."""
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
    """Sentences that say what was found, and sections that show it."""

    title: str
    subject: str
    """What it is about; any text, since a user may have chosen it."""
    sentences: Sequence[str]
    sections: Sequence[Section]
    origin: str
    """From what it was written, as a sentence."""
    command: str
    """What writes it again."""
    data: Mapping[str, Any] | None = None
    """All of it for machines, as report.json; see `plain.as_json` for what may be in it."""
