"""The elements of a page: sections, with tables and figures in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from nnbench.pages.figures import Figure
from nnbench.pages.table_cells import Cell

LONG_HEADING = 120
"""Letters from which a heading is long."""


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


Place = Literal["answer", "evidence", "provenance"]
"""Part of a page: the answer itself, what it rests on, and how it came about."""


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
    page: Place = "evidence"


@dataclass(frozen=True)
class Caveat:
    """Something that may change an answer, and the command that would settle it, or nothing."""

    text: str
    command: str = ""


@dataclass(frozen=True)
class Answer:
    """The answer to a question, as a reader of ten seconds takes it in."""

    headline: str
    """One sentence with its evidence."""
    bullets: tuple[str, ...] = ()
    """Three at most."""
    caveats: tuple[Caveat, ...] = ()
    """Five at most, the worst first."""


@dataclass(frozen=True)
class Page:
    """An answer or a summary in sentences, and the sections behind it."""

    title: str
    """The question, where there is an answer to it."""
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
    answer: Answer | None = None

    @property
    def question(self) -> str:
        """The question that stands small above its answer; empty without an answer."""
        return self.title if self.answer else ""

    @property
    def heading(self) -> str:
        """The largest sentence of the page: the answer, or else the title."""
        return self.answer.headline if self.answer else self.title

    @property
    def has_long_heading(self) -> bool:
        """True for more than about two lines, which are set smaller."""
        return len(self.heading) > LONG_HEADING

    def sections_of(self, place: Place) -> list[Section]:
        """The sections of a part of the page, in the order of reading."""
        return [section for section in self.sections if section.page == place]
