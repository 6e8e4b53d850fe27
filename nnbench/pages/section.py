"""What a page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nnbench.pages.figures import Figure


@dataclass(frozen=True)
class Table:
    """A table as it is read, and with all digits as a file."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: pd.DataFrame
    notes: Sequence[str] = ()
    folded: bool = False
    """Whether a page shows it only when asked to."""


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
