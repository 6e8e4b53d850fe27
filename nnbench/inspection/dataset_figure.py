"""The figure of a data set: points, curves or images."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.data.dataset import Dataset
from nnbench.data.projection import two_components
from nnbench.engine.arrays import Array
from nnbench.pages.figures import Figure, chart, colours
from nnbench.pages.palette import ORDERED

POINTS = 1000
"""Rows that are drawn as points, at most."""

CURVES, CLASSES, IMAGES = 3, 12, 12
"""Signals of a class, classes with signals, and images, that are drawn."""

SIDE = 130
"""Height of an image in pixels."""

GREYS = alt.Scale(scheme="greys")


def dataset_figure(data: Dataset) -> dict[str, Any]:
    """The Vega-Lite specification of a figure of some rows: images, signals or points."""
    kinds = {4: images, 3: signals, 2: functions if data.x.shape[1] == 1 else points}
    caption, panels = kinds[data.x.ndim](data)
    drawn = Figure(data.name, caption, panels, panels_a_row=4).static()
    if data.x.ndim == 4:
        height, width = data.x.shape[1:3]
        for panel in drawn["concat"]:
            panel["height"], panel["width"] = SIDE, SIDE * width / height
    return drawn


def points(data: Dataset) -> tuple[str, list[Any]]:
    """Rows of a table, by two columns: its own or its first two principal components."""
    rows = some(len(data.x), POINTS)
    plane, titles = data.x[rows], ("first column", "second column")
    if plane.shape[1] > 2:
        plane = two_components(plane)
        titles = ("first principal component", "second principal component")
    frame = pd.DataFrame(plane, columns=["x", "y"]).assign(value=values(data, rows))
    return "Rows", [
        chart(frame)
        .mark_circle(size=24, opacity=0.7)
        .encode(
            x=alt.X("x:Q", title=titles[0], scale=alt.Scale(zero=False)),
            y=alt.Y("y:Q", title=titles[1], scale=alt.Scale(zero=False)),
            color=colour(data),
        )
    ]


def functions(data: Dataset) -> tuple[str, list[Any]]:
    """Rows with one number each, against the target."""
    rows = some(len(data.x), POINTS)
    frame = pd.DataFrame({"x": data.x[rows, 0], "value": values(data, rows)})
    kind = "N" if data.classes else "Q"
    title = "class" if data.classes else "target"
    y = alt.Y(f"value:{kind}", title=title)
    return "Rows", [chart(frame).mark_circle(size=16).encode(x=alt.X("x:Q", title="input"), y=y)]


def signals(data: Dataset) -> tuple[str, list[Any]]:
    """Some signals or sequences: a panel a class, or a panel a channel where there are several."""
    rows, (steps, channels) = chosen(data, CURVES), data.x.shape[1:]
    if data.classes and channels == 1:
        return "Signals", [
            apart(data, rows[data.y[rows] == label], np.ptp(data.x[rows])).properties(
                title=f"class {data.label(label)}"
            )
            for label in np.unique(data.y[rows])[:CLASSES]
        ]
    panels = []
    for channel in range(min(channels, 4)):
        frame = pd.DataFrame(
            {
                "step": np.tile(np.arange(steps), len(rows)),
                "y": data.x[rows, :, channel].ravel(),
                "row": np.repeat(rows, steps),
                "value": np.repeat(values(data, rows), steps),
            }
        )
        y = alt.Y("y:Q", title=f"channel {channel + 1}" if channels > 1 else "value")
        lines = chart(frame).mark_line(strokeWidth=1.5, opacity=0.8)
        panels.append(lines.encode(x=alt.X("step:Q"), y=y, color=colour(data), detail="row:N"))
    return "Signals", panels


def apart(data: Dataset, rows: Array, height: float) -> Any:
    """Signals of one channel below each other, each as high as `height`."""
    steps = data.x.shape[1]
    places = np.repeat(np.arange(len(rows)), steps)
    frame = pd.DataFrame(
        {
            "step": np.tile(np.arange(steps), len(rows)),
            "y": data.x[rows, :, 0].ravel() - 1.1 * height * places,
            "signal": places + 1,
        }
    )
    # Where one lies says nothing, so that the axis has no numbers.
    y = alt.Y("y:Q", title="value", axis=alt.Axis(labels=False, ticks=False, grid=False))
    lines = chart(frame).mark_line(strokeWidth=1.5)
    return lines.encode(x=alt.X("step:Q"), y=y, detail="signal:N")


def images(data: Dataset) -> tuple[str, list[Any]]:
    """Some images, of each class in turn; several channels become their mean."""
    rows = chosen(data, -(-IMAGES // max(data.classes, 1)))[:IMAGES]
    height, width = data.x.shape[1:3]
    down, right = np.mgrid[:height, :width]
    panels = []
    for row in rows:
        grey = data.x[row].mean(axis=-1)
        frame = pd.DataFrame({"x": right.ravel(), "y": down.ravel(), "grey": grey.ravel()})
        title = (
            f"class {data.label(data.y[row])}" if data.classes else f"target {data.y[row, 0]:.4g}"
        )
        panels.append(
            chart(frame)
            .mark_rect()
            .encode(
                x=alt.X("x:O", axis=None),
                y=alt.Y("y:O", axis=None),
                color=alt.Color("grey:Q", scale=GREYS, legend=None),
            )
            .properties(title=title)
        )
    return "Images", panels


def some(rows: int, most: int) -> Array:
    """Row numbers spread over all rows."""
    return np.unique(np.linspace(0, rows - 1, min(rows, most)).round().astype(int))


def chosen(data: Dataset, per_class: int) -> Array:
    """The first rows of each class, the classes in turn; of numbers, rows from low to high."""
    if not data.classes:
        return np.argsort(data.y[:, 0], kind="stable")[some(len(data.y), per_class)]
    first = [np.flatnonzero(data.y == label)[:per_class] for label in range(data.classes)]
    longest = max(map(len, first))
    return np.array([rows[i] for i in range(longest) for rows in first if i < len(rows)])


def values(data: Dataset, rows: Array) -> Sequence[Any]:
    """Class or target of some rows, for a legend."""
    if data.classes:
        return [data.label(number) for number in data.y[rows]]
    return data.y[rows, 0]  # type: ignore[no-any-return]


def colour(data: Dataset) -> Any:
    """Classes in the report's colours, numbers from low to high."""
    if not data.classes:
        return alt.Color("value:Q", title="target", scale=alt.Scale(range=list(ORDERED)))
    return colours([data.label(number) for number in range(data.classes)], "class")
