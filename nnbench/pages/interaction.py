"""Zoom and selections: the difference between a chart on a page and its static figure."""

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

WHEEL = "wheel![event.ctrlKey || event.metaKey]"
"""The wheel alone scrolls the page; a pinch on a touchpad comes as one with Ctrl."""

DRAG = "[pointerdown[event.pointerType !== 'touch'], window:pointerup] > window:pointermove!"
"""A finger scrolls the page."""

ZOOM = {
    "name": "zoom",
    "bind": "scales",
    "select": {"type": "interval", "zoom": WHEEL, "translate": DRAG},
}

CLIP = {"expr": "length(data('zoom_store')) > 0"}
"""Marks end at the frame only once the axes have moved: until then it would halve some points."""


def zoomable(specification: dict[str, Any]) -> bool:
    """True if a panel has two axes that are continuous, each the same for all layers."""
    encodings = [view.get("encoding", {}) for view in parts(specification)]
    places = {
        channel: [encoding[channel] for encoding in encodings if channel in encoding]
        for channel in ("x", "y")
    }
    return all(places.values()) and all(
        place.get("type") == "quantitative" and place.get("axis", True) is not None
        for of_channel in places.values()
        for place in of_channel
    )


def add_zoom(specification: dict[str, Any]) -> None:
    """Let a drag move a panel, a wheel with Ctrl zoom it, and a double click undo both."""
    units = [panel for panel in parts(specification) if "mark" in panel]
    # The axes belong to the layer that says what is on both.
    owner = next(
        unit for unit in units if {"x", "y"} <= {*unit.get("encoding", {})} or len(units) == 1
    )
    view = owner.setdefault("name", "zoomed")
    specification["params"] = [*specification.get("params", []), {**ZOOM, "views": [view]}]
    for unit in units:
        mark = unit["mark"]
        unit["mark"] = {**(mark if isinstance(mark, dict) else {"type": mark}), "clip": CLIP}


def without_interaction(specification: dict[str, Any]) -> dict[str, Any]:
    """A panel as it looks before anyone has touched it, with nothing that can be."""
    view = {
        key: value
        for key, value in specification.items()
        if key not in ("$schema", "config", "name", "params")
    }
    if "encoding" in view:
        view["encoding"] = {
            channel: untouched(place) for channel, place in view["encoding"].items()
        }
    if "layer" in view:
        view["layer"] = [
            without_interaction(layer) for layer in view["layer"] if not invisible(layer)
        ]
    return view


def invisible(layer: dict[str, Any]) -> bool:
    """True if marks only serve as targets for the pointer."""
    mark = layer.get("mark")
    return isinstance(mark, dict) and mark.get("opacity") == 0


def untouched(place: Any) -> Any:
    """An encoding that depends on a selection, with everything selected."""
    condition = place.get("condition") if isinstance(place, dict) else None
    if isinstance(condition, dict) and "param" in condition:
        return {key: value for key, value in condition.items() if key not in ("param", "empty")}
    return place


def parts(specification: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The panel and its layers, and theirs."""
    yield specification
    for layer in specification.get("layer", []):
        yield from parts(layer)


def packed(specification: dict[str, Any]) -> str:
    """A specification compressed to a tenth, in letters without markup."""
    text = json.dumps(specification, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
