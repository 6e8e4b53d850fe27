"""Charts: one specification serves the interactive page and the picture of it."""

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from nnbench.pages.wording import is_ordered, setting_text

ORDERED = ("#5a4fcf", "#8f3fb0", "#c8487f", "#e5793f", "#d9a514")
"""From few to many; told apart by colour-blind readers, on light and on dark ground."""

UNORDERED = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a8a8a", "#b8a800")
"""Okabe & Ito (2008), its black and yellow changed for ground of either kind."""

LEGEND = alt.Legend(symbolOpacity=1, symbolLimit=0)
"""Symbols as strong as the lines, however faint the marks are, and all of them."""

LONG_NAME = 9
"""Characters of a name in a legend beyond which four do not fit beside each other."""

LOG_AXIS = alt.Axis(tickCount=5)
"""Fewer lines than one for each digit."""

HANDLE = {"type": "point", "size": 50, "opacity": 0}
"""Mark of what can be pointed at where a line alone is too thin."""

PANEL_WIDTH, PANEL_HEIGHT, LONE_PANEL_WIDTH, SQUARE_PANEL = 340, 240, 560, 300


@dataclass(frozen=True)
class Figure:
    """Panels that belong together, and what they show."""

    name: str
    """Also the name of the picture's file."""
    caption: str
    panels: Sequence[Any]
    """Altair charts without a width."""
    panels_a_row: int = 3
    square: bool = False
    """Whether a panel is about as wide as it is high."""
    clickable: bool = True
    """Whether clicks in the legend change what is shown."""

    def specifications(self) -> list[dict[str, Any]]:
        """The panels for a page, as wide as the page lets them be."""
        height = SQUARE_PANEL if self.square else PANEL_HEIGHT
        return [
            panel.properties(width="container", height=height).to_dict() for panel in self.panels
        ]

    def picture(self) -> dict[str, Any]:
        """All panels side by side, on white, so that it reads on a page of any colour."""
        width = PANEL_WIDTH if len(self.panels) > 1 else LONE_PANEL_WIDTH
        size = (SQUARE_PANEL, SQUARE_PANEL) if self.square else (width, PANEL_HEIGHT)
        sized = [panel.properties(width=size[0], height=size[1]) for panel in self.panels]
        with warnings.catch_warnings():
            # Altair says that the panels' legends are clicked as one; no one clicks in a picture.
            warnings.simplefilter("ignore", UserWarning)
            joined = alt.concat(*sized, columns=min(self.panels_a_row, len(sized)))
        specification: dict[str, Any] = (
            joined.resolve_scale(color="shared")
            .configure(background="white", padding=12)
            .configure_axis(labelFontSize=11, titleFontSize=12)
            .to_dict()
        )
        for panel in specification["concat"]:
            if "layer" in panel:
                # Invisible marks are there to be pointed at.
                panel["layer"] = [part for part in panel["layer"] if part["mark"] != HANDLE]
        return specification


def colours(values: list[Hashable], title: str) -> Any:
    """The colour of each value, with a legend; in order where the values have one."""
    domain = [setting_text(value) for value in values]
    palette = blend(len(domain)) if is_ordered(values) else repeat(UNORDERED, len(domain))
    scale = alt.Scale(domain=domain, range=palette)
    legend = LEGEND.copy()
    if max(map(len, domain), default=0) > LONG_NAME:
        legend.columns = 2
    return alt.Color("value:N", title=title, scale=scale, sort=domain, legend=legend)


def blend(count: int) -> list[str]:
    """`count` colours along the ordered palette."""
    last = len(ORDERED) - 1
    return [mix(i * last / max(count - 1, 1)) for i in range(count)]


def mix(position: float) -> str:
    """The colour at a position between two of the ordered palette."""
    at = min(int(position), len(ORDERED) - 2)
    share = position - at
    left, right = (bytes.fromhex(ORDERED[at + step][1:]) for step in (0, 1))
    mixed = [round(a + share * (b - a)) for a, b in zip(left, right, strict=True)]
    return "#" + bytes(mixed).hex()


def repeat(palette: Sequence[str], count: int) -> list[str]:
    """`count` colours of a palette, from the beginning again when it ends."""
    return [palette[i % len(palette)] for i in range(count)]


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
    text = frame.to_json(orient="records", double_precision=15)
    data = alt.InlineData(values=text, format=alt.JsonDataFormat())
    return alt.Chart(data)
