"""Decision regions of two features, layer by layer."""

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.data.dataset import Dataset
from nnbench.engine.arrays import Array
from nnbench.inspection.examination import Inspection
from nnbench.inspection.sections.predictions import POINTS, Predictions, axis_ends, by_predictor
from nnbench.pages import Section, palette
from nnbench.pages.figures import Figure, chart

GRID = 100
"""Places on each axis at which a class is predicted: each a whole number of pixels high."""

TEXT = (
    "A probe of the input can only draw straight lines between classes. If a later layer's "
    "regions bend around the classes, the layers before it have moved the examples so that a "
    "straight cut through their outputs separates them."
)


def make(inspection: Inspection) -> Section:
    """The predicted class over the plane: a panel for each layer's probe and for the network."""
    sides, grid = plane(inspection.data.x)
    caption = (
        "Classes predicted on a grid of inputs by a linear probe of the input, by one of each "
        "hidden layer and by the network."
    )
    predicted = by_predictor(inspection, grid)
    figure = figure_of(predicted, inspection.data, inspection.train[:POINTS], sides, caption)
    return Section("regions", "Decision regions, layer by layer", [TEXT], figures=[figure])


def plane(x: Array) -> tuple[list[Array], Array]:
    """The borders of a grid over two features, on each axis, and the middles of its cells."""
    sides = [np.linspace(*axis_ends(x[:, axis]), GRID + 1) for axis in (0, 1)]
    middles = [(side[1:] + side[:-1]) / 2 for side in sides]
    return sides, np.column_stack([axis.ravel() for axis in np.meshgrid(*middles)])


def figure_of(
    predictions: Sequence[Predictions],
    data: Dataset,
    rows: Array,
    sides: list[Array],
    caption: str,
) -> Figure:
    """A panel for each predictor's classes on the `plane`, with examples, the `rows` of data."""
    x = data.x
    points = pd.DataFrame(
        {"x": x[rows, 0], "y": x[rows, 1], "value": [data.label(n) for n in data.y[rows]]}
    )
    classes = [data.label(number) for number in range(data.classes)]
    colour = alt.Color(
        "value:N",
        title="class",
        sort=classes,
        scale=alt.Scale(domain=classes, range=palette.unordered(len(classes))),
        legend=alt.Legend(symbolOpacity=1, symbolLimit=0),
    )
    panels = [panel(predicted, sides, points, colour, classes) for predicted in predictions]
    caption = f"{caption} Points: {len(rows)} examples of the training set."
    return Figure("regions", caption, panels, square=True, clickable=False)


def panel(
    predicted: Predictions,
    sides: list[Array],
    points: pd.DataFrame,
    colour: Any,
    classes: Sequence[str],
) -> Any:
    """The regions of one predictor, with examples on them."""
    rectangles = [
        rectangle | {"value": classes[int(rectangle["value"])]}
        for row, line in enumerate(predicted.values.reshape(GRID, GRID))
        for rectangle in stretches(row, line, sides)
    ]
    x = alt.X("x:Q", title="first feature", scale=exact(sides[0]), axis=alt.Axis(grid=False))
    y = alt.Y("y:Q", title="second feature", scale=exact(sides[1]), axis=alt.Axis(grid=False))
    ground = (
        chart(pd.DataFrame(rectangles))
        .mark_rect(opacity=0.4)
        .encode(x=x, x2="x2", y=y, y2="y2", color=colour)
    )
    dots = (
        chart(points)
        .mark_circle(size=18, opacity=1, stroke="white", strokeWidth=0.4)
        .encode(x=x, y=y, color=colour, tooltip=["value:N", "x:Q", "y:Q"])
    )
    return alt.layer(ground, dots).properties(title=predicted.title)


def exact(side: Array) -> Any:
    """The scale of an axis that ends where the grid ends."""
    return alt.Scale(domain=[float(side[0]), float(side[-1])], nice=False, zero=False)


def stretches(row: int, line: Array, sides: list[Array]) -> Iterator[dict[str, Any]]:
    """The stretches of one class in a row of the grid, as rectangles."""
    cuts = np.flatnonzero(np.diff(line)) + 1
    across, up = sides
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        yield {
            "value": str(line[start]),
            "x": float(across[start]), "x2": float(across[end]),
            "y": float(up[row]), "y2": float(up[row + 1]),
        }  # fmt: skip
