"""Vega-Lite specifications, as plain data: made harmless, and read."""

import json
from textwrap import wrap
from typing import Any

from nnbench.pages.interaction import parts
from nnbench.safety import sanitize

TITLE_LETTER = 8
"""Pixels of a letter in a title."""


def is_zoomed(panel: dict[str, Any]) -> bool:
    """True if the scores of a panel are drawn on an axis that doesn't begin at zero."""
    places = (place for view in parts(panel) for place in view.get("encoding", {}).values())
    return any(
        isinstance(place, dict)
        and isinstance(place.get("scale"), dict)
        and place["scale"].get("zero") is False
        and "domain" not in place["scale"]
        for place in places
    )


def in_lines(panel: dict[str, Any]) -> dict[str, Any]:
    """A panel of a static figure with its title in lines that are no wider than itself."""
    title = panel.get("title")
    if isinstance(title, str) and len(lines := wrap(title, panel["width"] // TITLE_LETTER)) > 1:
        panel["title"] = lines
    return panel


def harmless(value: Any) -> Any:
    """A specification whose texts hold nothing that is meant for machines."""
    if isinstance(value, str):
        return sanitize.in_lines(value)
    if isinstance(value, dict):
        return {harmless(key): harmless(inner) for key, inner in value.items()}
    return [harmless(inner) for inner in value] if isinstance(value, list) else value


def with_data(specification: dict[str, Any]) -> dict[str, Any]:
    """A panel with its rows where they belong, which Altair keeps as text in one place."""
    tables = {name: json.loads(text) for name, text in specification.pop("datasets", {}).items()}
    for view in parts(specification):
        if (data := view.get("data")) and data.get("name") in tables:
            view["data"] = {"values": tables[data["name"]]}
    return specification
