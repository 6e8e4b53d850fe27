"""From sections to files: a page for the browser, one for GitHub, tables and figures."""

import os
import re
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from nnbench.pages.chart_library import chart_library
from nnbench.pages.drawing import Drawing
from nnbench.pages.escape import escape_html, escape_markdown, verbatim
from nnbench.pages.formats import ALWAYS, contents, more_endings
from nnbench.pages.html_table import html_table
from nnbench.pages.readme import in_short
from nnbench.pages.section import Page
from nnbench.pages.strict_json import as_json
from nnbench.system.atomic import refuse_links
from nnbench.system.cache import fingerprint
from nnbench.system.interrupt import uninterrupted
from nnbench.system.leftovers import own_directory

PAGE, README, DETAILS, DATA = "index.html", "README.md", "evidence.md", "report.json"
FOLDERS = ("figures", "tables")
FILE = rf"(?:{'|'.join(FOLDERS)})/[\w-]+\.(?:svg|png|pdf|csv|tex)"
LINK = re.compile(rf"\(({FILE}|{DETAILS}|{DATA})\)")
"""Pattern of links from a README to the figures, tables and data of its page."""


def write_page(
    page: Page,
    directory: Path,
    formats: Sequence[str] = ALWAYS,
    drawing: Drawing | None = None,
) -> tuple[Path, Path]:
    """Write everything into `directory`; returns the page and the README.

    `formats` are those of charts and tables, beside SVG and CSV, which there always are. `drawing`
    may have begun with the charts.
    Each file takes the place of its predecessor at once. Figures, tables and data of an earlier
    page that this one hasn't got are removed; whatever else lies there is left alone. A write
    that is interrupted leaves nothing. Raises OSError, for a link in its place as well.
    """
    refuse_links(directory, *(directory / folder for folder in FOLDERS))
    new = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with (
            own_directory(directory, ".making-") as draft,
            nullcontext(drawing) if drawing else Drawing() as figures,
        ):
            write_files(page, draft, formats, figures)
            with uninterrupted():
                put_in_place(draft, directory)
    except BaseException:
        with suppress(OSError):
            for folder in new:
                folder.rmdir()
        raise
    return directory / PAGE, directory / README


def write_files(page: Page, draft: Path, formats: Sequence[str], drawing: Drawing) -> None:
    """All files of a page, in an empty directory."""
    for section in page.sections:
        for figure in section.figures:
            drawing.begin(figure)
    for folder in FOLDERS:
        (draft / folder).mkdir()
    if page.data is not None:
        (draft / DATA).write_text(as_json(page.data), encoding="utf-8")
    templates = {README: "page.md.j2", PAGE: "page.html.j2"}
    if page.answer:
        templates |= {README: "readme.md.j2", DETAILS: "page.md.j2"}
    for name, template in templates.items():
        text = render(template, page=page, short=in_short(page), more=more_endings(formats))
        (draft / name).write_text(text, encoding="utf-8")
    for place, content in contents(page, formats, drawing):
        (draft / place).write_bytes(content)


def put_in_place(draft: Path, directory: Path) -> None:
    """Move all files, and remove what the earlier page had and this one has not.

    README.md and evidence.md, which list all files, come last: if interrupted, they still name
    the old ones.
    """
    stale = set[str]()
    for earlier in (directory / README, directory / DETAILS):
        # Anything may have been put in its place.
        if earlier.is_file() and not earlier.is_symlink():
            stale |= set(LINK.findall(earlier.read_text("utf-8", "replace")))
    for folder in FOLDERS:
        (directory / folder).mkdir(exist_ok=True)
    names = {file.relative_to(draft).as_posix() for file in draft.rglob("*.*")}
    last = names & {DETAILS, README}
    for name in names - last:
        os.replace(draft / name, directory / name)
    for name in stale - names:
        (directory / name).unlink(missing_ok=True)
    for name in sorted(last, reverse=True):
        os.replace(draft / name, directory / name)


def render(template: str, **content: Any) -> str:
    """A template with its content; whatever a user named is escaped."""
    is_page = template.endswith(".html.j2")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("nnbench.pages"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        finalize=escape_html if is_page else escape_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"verbatim": verbatim, "html_table": html_table}
    if template == "page.html.j2":
        own = (files("nnbench.pages") / "templates" / "page.js").read_text("utf-8")
        content["scripts"] = [Script(chart_library()), Script(own)]
    return environment.get_template(template).render(**content)


@dataclass(frozen=True)
class Script:
    """One that a page may run, as the page itself says of it by its content."""

    text: str

    @property
    def fingerprint(self) -> str:
        """Its name in the page's policy."""
        return fingerprint(self.text)
