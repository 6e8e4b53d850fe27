"""From sections to files: a page for the browser, one for a code host, tables and pictures."""

import errno
import html
import os
import re
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
import vl_convert
from markupsafe import Markup

from nnbench.pages.cells import Link
from nnbench.pages.html_table import html_table
from nnbench.pages.plain import as_json
from nnbench.pages.section import Page
from nnbench.safety.sanitize import in_cell, in_line, in_lines
from nnbench.system.interrupt import uninterrupted
from nnbench.system.leftovers import own_directory

PAGE, README, DATA = "index.html", "README.md", "report.json"
FOLDERS = ("figures", "tables")
LINK = re.compile(rf"\(((?:{'|'.join(FOLDERS)})/[\w-]+\.(?:svg|csv)|{DATA})\)")
"""How a README names the pictures, tables and data of its page."""

IN_AN_ADDRESS = "%:/?#@!$&*+,;=~-._"
"""Characters besides letters and digits that an address may have, and no Markdown of one."""

MARKDOWN = re.compile(r"([\\`*_\[\]|~$#])")


def write_page(page: Page, directory: Path) -> tuple[Path, Path]:
    """Write everything into `directory`; returns the page and the README.

    Each file takes the place of its predecessor at once. Pictures, tables and data of an earlier
    page that this one hasn't got are removed; whatever else lies there is left alone. What is cut
    off leaves nothing. Raises OSError, for a link in its place as well.
    """
    refuse_links(directory, *(directory / folder for folder in FOLDERS))
    new = [each for each in (directory, *directory.parents) if not each.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with own_directory(directory, ".making-") as made:
            write_files(page, made)
            with uninterrupted():
                put_in_place(made, directory)
    except BaseException:
        with suppress(OSError):
            for each in new:
                each.rmdir()
        raise
    return directory / PAGE, directory / README


def refuse_links(*directories: Path) -> None:
    """Raise OSError if a directory is a link, or below one in the working directory.

    What was copied or cloned from elsewhere would have us write wherever its links lead.
    """
    for directory in directories:
        parents = () if directory.is_absolute() else directory.parents
        for path in (directory, *parents):
            if path.is_symlink():
                raise OSError(errno.ELOOP, f"{path} is a link, which may lead anywhere")


def write_files(page: Page, made: Path) -> None:
    """All files of a page, in an empty directory."""
    for folder in FOLDERS:
        (made / folder).mkdir()
    for section in page.sections:
        for table in section.tables:
            in_file(table.data).to_csv(made / "tables" / f"{table.name}.csv", index=False)
        for figure in section.figures:
            picture = vl_convert.vegalite_to_svg(figure.picture())
            (made / "figures" / f"{figure.name}.svg").write_text(picture, encoding="utf-8")
    if page.data is not None:
        (made / DATA).write_text(as_json(page.data), encoding="utf-8")
    for name, template in ((README, "page.md.j2"), (PAGE, "page.html.j2")):
        (made / name).write_text(render(template, page=page), encoding="utf-8")


def put_in_place(made: Path, directory: Path) -> None:
    """Move all files, and remove what the earlier page had and this one has not.

    The README, which says what there is, comes last: whoever is killed before has told the next.
    """
    earlier = directory / README
    # Somebody may have put anything in its place.
    own = earlier.is_file() and not earlier.is_symlink()
    stale = set(LINK.findall(earlier.read_text("utf-8", "replace"))) if own else set()
    for folder in FOLDERS:
        (directory / folder).mkdir(exist_ok=True)
    names = {file.relative_to(made).as_posix() for file in made.rglob("*.*")}
    for name in names - {README}:
        os.replace(made / name, directory / name)
    for name in stale - names:
        (directory / name).unlink(missing_ok=True)
    os.replace(made / README, directory / README)


def render(template: str, **content: Any) -> str:
    """A template with its content; whatever a user named is escaped."""
    is_page = template.endswith(".html.j2")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("nnbench.pages"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        finalize=neutral if is_page else escape_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"verbatim": verbatim, "html_table": html_table}
    if is_page:
        own = (files("nnbench.pages") / "templates" / "page.js").read_text("utf-8")
        content["scripts"] = [Script(chart_library()), Script(own)]
    return environment.get_template(template).render(**content)


def in_file(data: pd.DataFrame) -> pd.DataFrame:
    """The data of a table, none of whose texts a spreadsheet takes for a formula."""
    return data.rename(columns=in_cell).map(in_cell)


def neutral(value: object) -> object:
    """What a page is to show, in which nothing is meant for machines but markup of its own."""
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return in_lines(str(value)) if plain else value


@dataclass(frozen=True)
class Script:
    """One that a page may run, as the page itself says of it by its content."""

    text: str

    @property
    def fingerprint(self) -> str:
        """What the page's policy calls it."""
        return "sha256-" + b64encode(sha256(self.text.encode()).digest()).decode()


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
    text = in_line(" ".join(str(value).split()))
    return html.escape(MARKDOWN.sub(r"\\\1", text), quote=False)


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, which makes the page work offline."""
    library: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return library.replace("</script", "<\\/script")
