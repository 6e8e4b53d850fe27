"""Charts: one specification serves the interactive page and the static figure."""

from collections.abc import Hashable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import palette
from nnbench.pages.formatting import is_ordered, setting_text
from nnbench.pages.interaction import add_zoom, packed, without_interaction, zoomable
from nnbench.pages.specification import harmless, in_lines, is_zoomed, with_data

LEGEND = alt.Legend(symbolOpacity=1, symbolLimit=0)
"""Symbols as strong as the lines, however faint the marks are, and all of them."""

LONG_NAME, LONGEST_NAME = 9, 22
"""Characters of a name in a legend beyond which four, and two, do not fit beside each other."""

LEVEL = 34
"""Characters along an axis that fit into the narrowest panel, every name as long as the longest."""

MOST_SLANTED = 12
"""Slanted names that don't touch each other in a panel as narrow as a phone."""

DIGITS = 6
"""Digits of a number in a chart: a thousand times finer than a screen."""

LOG_AXIS = alt.Axis(tickCount=5)
"""Fewer lines than one for each digit."""

GOLDEN = 0.618034
"""Share of a turn after which successive points of a circle are farthest from all earlier ones."""

HANDLE = {"type": "point", "size": 50, "opacity": 0}
"""Mark that enlarges the target for the pointer where a line is too thin."""

ZOOMED = " Axes are zoomed to the data."

PANEL_WIDTH, PANEL_HEIGHT, LONE_PANEL_WIDTH, SQUARE_PANEL = 340, 240, 560, 300


@dataclass(frozen=True)
class Panel:
    """A chart as a page has it."""

    title: str
    """Above the chart, where any name fits."""
    zoomable: bool
    packed: str
    """The specification, as letters that no markup is made of."""

    @classmethod
    def of(cls, specification: dict[str, Any]) -> Self:
        """A panel of a specification, which gets what only a page has."""
        title = ""
        if isinstance(specification.get("title"), str):
            title = specification.pop("title")
            # Readers who can't see it are told by Vega.
            specification.setdefault("description", title)
        moves = zoomable(specification)
        if moves:
            add_zoom(specification)
        return cls(title, moves, packed(specification))


@dataclass(frozen=True)
class Figure:
    """Panels that belong together, and what they show."""

    name: str
    """Also the name of the SVG file."""
    caption: str
    panels: Sequence[Any]
    """Altair charts without a width; one that has a height keeps it."""
    panels_a_row: int = 3
    square: bool = False
    """True if a panel is about as wide as it is high."""
    clickable: bool = True
    """True if clicks in the legend change what is shown."""
    alt: str = ""
    """A description for readers who can't see it; else the caption."""
    folded: bool = False
    """True if a page shows it only on demand."""

    @cached_property
    def specifications(self) -> list[dict[str, Any]]:
        """The Vega-Lite specification of each panel, without its size."""
        # Vega-Lite, which draws them, checks them itself; Altair takes a second for fifty.
        return [harmless(with_data(panel.to_dict(validate=False))) for panel in self.panels]

    @cached_property
    def interactive(self) -> list[Panel]:
        """The panels for a page, as wide as the page lets them be."""
        height = SQUARE_PANEL if self.square else PANEL_HEIGHT
        return [
            Panel.of({"height": height, **deepcopy(panel), "width": "container"})
            for panel in self.specifications
        ]

    @property
    def explanation(self) -> str:
        """The caption, and that an axis of numbers begins elsewhere than at zero."""
        return self.caption + (ZOOMED if any(map(is_zoomed, self.specifications)) else "")

    @property
    def hint(self) -> str:
        """The ways to interact with the charts, as a sentence."""
        ways = ["Hover over a mark for its values"]
        if self.clickable:
            ways.append("click a legend entry to show it alone")
        if any(panel.zoomable for panel in self.interactive):
            ways.append("drag to pan, Ctrl+wheel to zoom, double-click to reset")
        return "; ".join(ways) + "."

    def static(self) -> dict[str, Any]:
        """All panels side by side, on white, so that it reads on a page of any colour."""
        width = PANEL_WIDTH if len(self.panels) > 1 else LONE_PANEL_WIDTH
        size = (SQUARE_PANEL, SQUARE_PANEL) if self.square else (width, PANEL_HEIGHT)
        return {
            "$schema": self.specifications[0]["$schema"],
            "background": "white",
            "padding": 12,
            "columns": min(self.panels_a_row, len(self.panels)),
            "concat": [
                in_lines({"height": size[1], **without_interaction(panel), "width": size[0]})
                for panel in self.specifications
            ],
            "resolve": {"scale": {"color": "shared"}},
            "config": {
                "axis": {"labelFontSize": 11, "titleFontSize": 12, "titleLimit": size[1]},
                # Screen readers read the caption; a label a mark would be half of the file.
                "aria": False,
            },
        }


def colours(values: list[Hashable], title: str) -> Any:
    """The colour of each value, with a legend; in order where the values have one."""
    domain = [setting_text(value) for value in values]
    shades = palette.blend(len(domain)) if is_ordered(values) else palette.unordered(len(domain))
    scale = alt.Scale(domain=domain, range=shades)
    legend = LEGEND.copy()
    longest = max(map(len, domain), default=0)
    if longest > LONG_NAME:
        # A page, which knows how wide it is, decides for itself.
        legend.columns = 2 if longest <= LONGEST_NAME else 1
        legend.labelLimit = PANEL_WIDTH / legend.columns - 20
    return alt.Color("value:N", title=title, scale=scale, sort=domain, legend=legend)


def names_axis(names: Sequence[str]) -> Any:
    """An axis of names: beside each other if they fit, else slanted or, if many, upright.

    The longest are cut.
    """
    if max(map(len, names), default=0) * len(names) <= LEVEL:
        return alt.Axis(labelAngle=0)
    if len(names) <= MOST_SLANTED:
        return alt.Axis(labelAngle=-45, labelLimit=110)
    return alt.Axis(labelAngle=-90, labelLimit=110, labelFontSize=8)


def jitter(place: int) -> float:
    """Place of a point within its row or column, from 0.2 to 0.8: successive ones are far apart."""
    return 0.2 + 0.6 * (place * GOLDEN % 1)


def legend_toggle(*fields: str) -> Any:
    """A selection that clicks in the legend change; all is shown before the first."""
    return alt.selection_point(fields=list(fields), bind="legend")


def shown_if(selection: Any, opacity: float = 1.0, faint: float = 0.08) -> Any:
    """Opacity of marks: faint where another entry of the legend was clicked."""
    return alt.condition(selection, alt.value(opacity), alt.value(faint))


def axis_of(metric: str) -> Any:
    """An axis for a metric by its name: accuracies in per cent."""
    return alt.Axis(format="%") if metric == "accuracy" else alt.Axis()


def chart(frame: pd.DataFrame) -> Any:
    """A chart of a small table, which becomes part of the specification."""
    # As text, since Altair copies and checks every cell of a list at each step.
    text = frame.apply(rounded).to_json(orient="records", double_precision=15)
    data = alt.InlineData(values=text, format=alt.JsonDataFormat())
    return TypedChart(data)


class TypedChart(alt.Chart):
    """A chart whose channels are made of their text by their own class.

    Altair itself looks each up among all of its classes, which takes 4 ms for each.
    """

    def encode(self, *positional: Any, **channels: Any) -> Self:
        typed = {name: typed_channel(name, value) for name, value in channels.items()}
        return super().encode(*positional, **typed)


def typed_channel(name: str, value: Any) -> Any:
    """The channel of that name, such as x2, of text such as `score:Q`, a value or a condition."""
    kind = name[0].upper() + name[1:]
    if isinstance(value, list):
        return [typed_channel(name, inner) for inner in value]
    if isinstance(value, dict) and "value" in value:
        return getattr(alt, f"{kind}Value")(**value)
    return getattr(alt, kind)(value) if isinstance(value, str) else value


def rounded(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Numbers with as many digits as can be seen; all else as it is."""
    if column.dtype.kind != "f":
        return column
    numbers = column.to_numpy()
    size = np.abs(np.where(np.isfinite(numbers) & (numbers != 0), numbers, 1.0))
    unit = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
    return pd.Series(np.round(numbers * unit) / unit, column.index)
