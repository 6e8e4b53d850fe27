"""Selection of a report's sections, in the order of reading."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from altair.utils.schemapi import debug_mode

from nnbench.options import catalogue, components
from nnbench.options.components import what_was_raised
from nnbench.pages import Section, Table
from nnbench.pages.figures import Figure
from nnbench.report.analysis.findings import Findings
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError

MOST_ROWS = 300
"""Most rows of a table that a page shows."""

USUAL_PLACE = 75
"""Place of a user's section that names none: after what is compared, before the limits."""


def outline(own: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Component]:
    """The sections of conf/section, changed by those of `own`; null leaves one out.

    Raises ConfigError for a name or a target that there isn't.
    """
    shipped = {name: catalogue.written(catalogue.file_of("section", name))
               for name in catalogue.names("section")}  # fmt: skip
    outlined: dict[str, Component] = {}
    for name, values in {**shipped, **own}.items():
        if values is None and name in shipped:
            continue
        merged = {**shipped.get(name, {}), **(values if isinstance(values, Mapping) else {})}
        if not isinstance(values, Mapping) or not merged.get("_target_"):
            allowed = (
                f"no such section; there are {', '.join(sorted(shipped))}"
                if values is None
                else "must be null, which leaves the section out, or have a _target_"
            )
            raise ConfigError(f"sections.{name}", values, allowed)
        # What an error says of it.
        merged["name"] = merged["_target_"]
        outlined[name] = catalogue.component("section", merged)
        components.locate(f"sections.{name}", outlined[name])
    return dict(sorted(outlined.items(), key=lambda entry: place_of(*entry)))


def place_of(name: str, section: Component) -> float:
    """Place in the order of reading. Raises ConfigError if it is no number."""
    place = section.option("place")
    if place is None:
        return USUAL_PLACE
    if not components.is_number(place):
        raise ConfigError(f"sections.{name}.place", place, "must be a number")
    return float(place)


def make_sections(
    findings: Findings, draw: Callable[[Figure], None] = lambda figure: None
) -> tuple[list[Section], list[str]]:
    """The sections with content, and the reason why each other one is missing, a line each.

    `draw` gets each figure as soon as it is known. Raises ConfigError if one of the user's own
    fails, which is theirs to mend.
    """
    sections, missing = [], []
    for name, component in findings.question.sections.items():
        try:
            section = make_section(f"sections.{name}", component, findings)
        except ConfigError as error:
            if not component.target.startswith("nnbench."):
                raise
            missing.append(f"The section {name} is missing: {what_was_raised(error)}")
            continue
        if section is not None:
            for figure in section.figures:
                draw(figure)
            sections.append(replace(section, tables=[bounded(table) for table in section.tables]))
    return sections, missing


def make_section(key: str, component: Component, findings: Findings) -> Section | None:
    """The section of that key, if it has something to say. Raises ConfigError if it fails."""
    # Vega-Lite checks charts when it draws them; Altair does after each of their changes.
    with debug_mode(False):
        section = components.make(key, component.without("place"), findings=findings)
    if not isinstance(section, Section | None):
        allowed = f"must return a Section or None, not {type(section).__name__}"
        raise ConfigError(f"{key}._target_", component.target, allowed)
    return section


def bounded(table: Table) -> Table:
    """The table with as many rows as a page can have of any number of runs; its file has all."""
    if len(table.rows) <= MOST_ROWS:
        return table
    notes = [f"The first {MOST_ROWS} of {len(table.rows):,} rows.", *table.notes]
    return replace(table, rows=table.rows[:MOST_ROWS], notes=notes, folded=True)
