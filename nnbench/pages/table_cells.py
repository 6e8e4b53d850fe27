"""Cells of a table: text, a link, or a number with the text that shows it."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from urllib.parse import urlsplit

from nnbench.pages.formatting import metric_text, setting_text

NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f\\]")
"""Characters that browsers drop or rewrite, so that an address would become another one."""


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
class Number:
    """A cell that shows a text and is sorted by a value; rows whose value is NaN come last."""

    text: str
    value: float

    def __str__(self) -> str:
        return self.text


Cell = str | Link | Number


def count_cell(count: float) -> Number:
    """A whole number with commas between its thousands; a dash for NaN."""
    return Number(f"{count:,.0f}" if count == count else "—", count)


def share_cell(share: float) -> Number:
    """A share in per cent; a dash for NaN."""
    return Number(f"{share:.0%}" if share == share else "—", share)


def metric_cell(metric: str, value: float) -> Number:
    """A metric as `formatting.metric_text` writes it."""
    return Number(metric_text(metric, value), value)


def setting_cell(setting: Hashable) -> Cell:
    """A setting as it is typed; numbers are sorted as such, several by the first one."""
    text = setting_text(setting)
    first = setting[0] if isinstance(setting, tuple) and setting else setting
    if isinstance(first, int | float) and not isinstance(first, bool):
        return Number(text, first)
    return text
