"""Files of charts and tables, by format."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import vl_convert

from nnbench.pages.drawing import Drawing
from nnbench.pages.escape import escape_csv
from nnbench.pages.figures import Figure
from nnbench.pages.latex import as_latex
from nnbench.pages.section import Page, Table

ALWAYS = ("svg", "csv")
"""Formats that README.md shows and links to."""

PIXELS = 2
"""Pixels of a PNG for each of the chart's, so that it is sharp on a slide."""

ENDINGS = {"latex": "tex"}
"""Endings of files that aren't the format's name."""

CHARTS: Mapping[str, Callable[[Figure, Drawing], str | bytes]] = {
    "svg": lambda figure, drawing: drawing.svg(figure),
    "png": lambda figure, drawing: vl_convert.vegalite_to_png(figure.static(), scale=PIXELS),
    "pdf": lambda figure, drawing: vl_convert.vegalite_to_pdf(figure.static()),
}
"""Format → content of a chart's file."""

TABLES: Mapping[str, Callable[[Table], str | bytes]] = {
    "csv": lambda table: escape_csv(table.data).to_csv(index=False),
    "latex": as_latex,
}
"""Format → content of a table's file."""


def contents(page: Page, formats: Sequence[str], drawing: Drawing) -> Iterator[tuple[str, bytes]]:
    """Place and content of each file of a page's charts and tables."""
    for section in page.sections:
        for table in section.tables:
            for name in written(TABLES, formats):
                yield f"tables/{table.name}.{ending(name)}", as_bytes(TABLES[name](table))
        for figure in section.figures:
            for name in written(CHARTS, formats):
                yield (
                    f"figures/{figure.name}.{ending(name)}",
                    as_bytes(CHARTS[name](figure, drawing)),
                )


def written(writers: Mapping[str, object], formats: Sequence[str]) -> list[str]:
    """The formats of charts, or of tables, that are written."""
    return [name for name in writers if name in (*ALWAYS, *formats)]


def more_endings(formats: Sequence[str]) -> dict[str, list[str]]:
    """Endings of a chart's and of a table's files beside those that are always there."""
    return {
        kind: [ending(name) for name in written(writers, formats) if name not in ALWAYS]
        for kind, writers in (("figures", CHARTS), ("tables", TABLES))
    }


def ending(name: str) -> str:
    """Ending of a format's files."""
    return ENDINGS.get(name, name)


def as_bytes(content: str | bytes) -> bytes:
    """The content of a file; texts are in UTF-8."""
    return content.encode("utf-8") if isinstance(content, str) else content
