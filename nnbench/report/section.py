"""A part of a report: what every file of sections/ makes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nnbench.report.figures import Figure


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
