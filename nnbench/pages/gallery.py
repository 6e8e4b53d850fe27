"""A gallery of reports, as a static host serves it: a card for each, and pages that share a script.

Everything is read from the folders of reports, whose report.json may say anything: it is data.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from nnbench.pages.chart_library import chart_library
from nnbench.pages.escape import escape_markdown
from nnbench.pages.stored import read_stored
from nnbench.pages.write import DATA, DETAILS, FOLDERS, PAGE, README, Script, render
from nnbench.run.errors import ConfigError
from nnbench.system import atomic

COMMAND = "gallery"
SCRIPT = Path("assets", "charts.js")
"""The file with the charts' script, which all pages share."""
BEGIN, END = "<!-- gallery -->", "<!-- end of gallery -->"
"""Lines of README.md between which the gallery is written."""
CHARTS = ("forest", "seeds", "scores")
"""Figures that stand for a report, the first that it has."""
ROW = re.compile(r"(?m)^### \[([^\]]+)\]")


@dataclass(frozen=True)
class Card:
    """A report in the gallery."""

    name: str
    """Name of its folder."""
    question: str
    headline: str
    chart: str
    """Path of its chart from the gallery; empty if there is none."""
    page: str
    """Path of its page; README.md where it has no other."""


def write_gallery(folder: Path, added: Sequence[Path] = ()) -> list[Card]:
    """Write the gallery of the reports in a folder, after those that are added were copied there.

    Returns the cards. Raises ConfigError, with nothing written, for a folder that is no report, a
    README without marks, or a page of another version; OSError if writing fails, or for a link in
    its place.
    """
    for report in added:
        card_of(report)
    atomic.refuse_links(folder, folder / SCRIPT.parent)
    readme = folder / README
    text = text_of(readme) if readme.is_file() else f"# Answers\n\n{BEGIN}\n{END}\n"
    before, middle, after = halves(text, readme)
    replaced = [report.resolve().name for report in added]
    others = [file.parent for file in folder.glob(f"*/{DATA}") if file.parent.name not in replaced]
    for report in (*added, *filter(card_or_none, others)):
        with_shared_script(report / PAGE)
    folder.mkdir(parents=True, exist_ok=True)
    for report in added:
        copy(report, folder / report.resolve().name)
    rows = rows_in(middle)
    names = {file.parent.name for file in folder.glob(f"*/{DATA}")}
    cards = [card for name in [*(n for n in rows if n in names), *sorted(names - rows.keys())]
             if (card := card_or_none(folder / name))]  # fmt: skip
    rows |= {card.name: row_of(card) for card in cards}
    put(
        readme,
        f"{before}{BEGIN}\n\n"
        + "\n".join(row.strip() + "\n" for row in rows.values())
        + "\n"
        + f"{END}{after}",
    )
    (folder / SCRIPT.parent).mkdir(exist_ok=True)
    put(folder / SCRIPT, chart_library())
    for card in cards:
        page = folder / card.name / PAGE
        if shared := with_shared_script(page):
            put(page, shared)
    put(folder / PAGE, render("gallery.html.j2", cards=cards))
    return cards


def card_of(report: Path) -> Card:
    """The card of a report. Raises ConfigError if its report.json has no answer."""
    data = read_stored(report, COMMAND)
    try:
        question, headline = data["question"]["title"], data["answer"]["headline"]
    except (LookupError, TypeError) as error:
        allowed = f"its {DATA} has no answer, since an earlier version wrote it; write it again"
        raise ConfigError(COMMAND, report, allowed) from error
    name = report.resolve().name
    charts = (f"{FOLDERS[0]}/{chart}.svg" for chart in CHARTS)
    chart = next((f"{name}/{file}" for file in charts if (report / file).is_file()), "")
    page = PAGE if (report / PAGE).is_file() else README
    return Card(name, str(question), str(headline), chart, f"{name}/{page}")


def card_or_none(report: Path) -> Card | None:
    """The card of a report; None for one of an earlier version, which has no answer."""
    try:
        return card_of(report)
    except ConfigError:
        return None


def copy(report: Path, directory: Path) -> None:
    """Copy the files of a report, and nothing else, in place of its predecessor."""
    if report.resolve() == directory.resolve():
        return
    own = (directory / folder for folder in FOLDERS)
    atomic.refuse_links(report, directory, *own)
    directory.mkdir(exist_ok=True)
    for name in FOLDERS:
        shutil.rmtree(directory / name, ignore_errors=True)
        (directory / name).mkdir()
    names = [README, DETAILS, DATA, PAGE]
    files = [report / name for name in names]
    for folder in FOLDERS:
        files += sorted((report / folder).glob("*.*"))
    for file in files:
        if file.is_file() and not file.is_symlink():
            shutil.copyfile(file, directory / file.relative_to(report))


def with_shared_script(page: Path) -> str:
    """A page that loads the charts' script from the shared file; empty where nothing is to change.

    Raises ConfigError for a page whose script isn't the one of this version.
    """
    if not page.is_file() or page.is_symlink():
        return ""
    text, script = text_of(page), Script(chart_library())
    shared = f'<script src="../{SCRIPT.as_posix()}" defer></script>'
    if shared in text:
        return ""
    own, policy = f'<script type="module">{script.text}</script>', f"'{script.fingerprint}'"
    if own not in text or policy not in text:
        allowed = "was written by another version; write the report again"
        raise ConfigError(COMMAND, page, allowed)
    return text.replace(own, shared, 1).replace(policy, "'self'", 1)


def text_of(file: Path) -> str:
    """The text of a file. Raises ConfigError if it is none."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(COMMAND, file, "must be text in UTF-8") from error


def halves(text: str, readme: Path) -> tuple[str, str, str]:
    """The texts before, between and behind the marks of a README."""
    before, begin, from_begin = text.partition(BEGIN)
    middle, end, after = from_begin.partition(END)
    if not (begin and end):
        raise ConfigError(COMMAND, readme, f"needs the lines {BEGIN} and {END}")
    return before, middle, after


def rows_in(text: str) -> dict[str, str]:
    """Rows of a README's gallery by name, in their order; those of earlier versions stay."""
    starts = [match.start() for match in ROW.finditer(text)]
    ends = [*starts, len(text)][1:]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return {name_of(piece): piece for piece in pieces}


def name_of(row: str) -> str:
    """The folder that a row of a README links to."""
    match = re.search(rf"\]\(<?([^/)>]+)/{README}", row)
    return unquote(match[1]) if match else ""


def row_of(card: Card) -> str:
    """A report as a row of README.md: question, chart and headline, as it is."""
    lines = [
        f"### [{markdown(card.name)}]({address(card.name, README)}): {markdown(card.question)}"
    ]
    if card.chart:
        lines.append(f"![Chart: {markdown(card.question)}]({address(card.chart)})")
    return "\n\n".join([*lines, markdown(card.headline), ""])


def markdown(text: str) -> str:
    """Text in which nothing is markup; an underscore within a word is none."""
    return re.sub(r"(?<=[^\W_])\\_(?=[^\W_])", "_", escape_markdown(text))


def address(*path: str) -> str:
    """A relative address of a file, percent-encoded where it has other signs than usual."""
    return quote("/".join(path))


def put(file: Path, text: str) -> None:
    """Write a text file, as a whole or not at all."""
    if file.is_symlink():
        atomic.refuse_links(file)
    atomic.write(file, lambda stream: stream.write(text.encode("utf-8"))).close()
    file.chmod(0o644)
