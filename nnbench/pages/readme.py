"""README.md of a page with an answer: the answer and its evidence, short enough to be read."""

from collections.abc import Iterator
from dataclasses import replace

from nnbench.pages.section import Page, Section, Table

MOST_ROWS = 12
MOST_TABLES, MOST_FIGURES, MOST_EVIDENCE = 2, 2, 8
"""So many that the whole has fewer than 150 lines."""


def in_short(page: Page) -> Page:
    """The page with as much of its sections as a README.md has."""
    tables = [table for section in page.sections_of("answer") for table in section.tables]
    figures = [figure for section in page.sections_of("answer") for figure in section.figures]
    first = Section(
        "answer",
        "Answer",
        tables=[shortened(table) for table in tables[:MOST_TABLES]],
        figures=figures[:MOST_FIGURES],
        page="answer",
    )
    return replace(page, sections=[first, *list(drawn(page))[:MOST_EVIDENCE]])


def drawn(page: Page) -> Iterator[Section]:
    """The evidence that has charts, each section with its first one only."""
    for section in page.sections_of("evidence"):
        if section.figures:
            yield Section(section.slug, section.title, figures=section.figures[:1])


def shortened(table: Table) -> Table:
    """A table with the first of its rows."""
    if len(table.rows) <= MOST_ROWS:
        return replace(table, folded=False)
    note = f"The first {MOST_ROWS} of {len(table.rows):,} rows."
    return replace(table, rows=table.rows[:MOST_ROWS], notes=[note, *table.notes], folded=False)
