"""Untrusted text, escaped for HTML, Markdown and CSV."""

import html
import re
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from nnbench.pages.table_cells import Link
from nnbench.safety.sanitize import in_cell, in_line, in_lines

IN_AN_ADDRESS = "%:/?#@!$&*+,;=~-._"
"""Characters besides letters and digits that an address may have, and no Markdown of one."""

SPACES = re.compile(r"[^\S\u00a0\u202f]+")
"""White space at which a line may break."""

MARKDOWN = re.compile(r"([\\`*_\[\]|~$#])")


def escape_csv(data: pd.DataFrame) -> pd.DataFrame:
    """The data of a table, in which a spreadsheet takes no text for a formula."""
    return data.rename(columns=in_cell).map(in_cell)


def escape_html(value: object) -> object:
    """Content of an HTML page without control characters; Jinja escapes its markup."""
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return in_lines(str(value)) if plain else value


class Verbatim(str):
    """Text that goes into a Markdown page as it is."""


def verbatim(text: str, spaces: int) -> Verbatim:
    """Text as an indented block of code, which nothing within it can end."""
    return Verbatim("\n".join(" " * spaces + in_line(line) for line in text.splitlines()))


def escape_markdown(value: object) -> str:
    """Text in which nothing is markup, on one line; a link as one."""
    if isinstance(value, Verbatim):
        return str(value)
    if isinstance(value, Link):
        return f"[{escape_markdown(value.text)}](<{html.escape(quote(value.href, IN_AN_ADDRESS))}>)"
    # No-break spaces stay, which `split()` would take for spaces.
    text = in_line(SPACES.sub(" ", str(value)).strip())
    return html.escape(MARKDOWN.sub(r"\\\1", text), quote=False)
