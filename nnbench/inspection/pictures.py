"""What can be drawn of a network because of the shape of its inputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.inspection.filters import filters
from nnbench.inspection.findings import Findings, said
from nnbench.inspection.outputs import outputs_of
from nnbench.pages import Section
from nnbench.pages.figures import UNORDERED, Figure, chart, repeat

GRID = 100
"""Places on each axis at which regions are worked out: each a whole number of pixels high."""

POINTS = 400
"""Examples that are drawn, at most."""

CURVE = 200
"""Points of a fitted function."""

MARGIN = 0.08
"""Share of the range of the data that is shown beyond it on either side."""


@dataclass(frozen=True)
class Speaker:
    """A probe of some layer, or the network: what it says of raw inputs."""

    title: str
    says: Array
    """Classes (rows,) or targets (rows, targets)."""


def pictures(findings: Findings) -> Iterator[Section]:
    """The sections that the shape of the inputs allows."""
    shape, task = findings.trained.in_shape, findings.trained.task
    if shape == (2,) and task == "classification":
        yield regions(findings)
    if shape == (1,) and task == "regression":
        yield function(findings)
    if len(shape) == 3 and (section := filters(findings)):
        yield section


def speakers(findings: Findings, x: Array) -> list[Speaker]:
    """What the probe of each layer says of raw inputs, and the network itself."""
    # The output, which comes last, has no probe.
    outputs = outputs_of(findings.trained, x)[:-1]
    probed = [
        Speaker(f"probe of {layer.title}", layer.probe.predict(output.numbers))
        for layer, output in zip(findings.layers, outputs, strict=True)
    ]
    return [*probed, Speaker("the network", said(findings.trained, x))]


def ends(values: Array) -> tuple[float, float]:
    """What is shown of an axis."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def regions(findings: Findings) -> Section:
    """Decision regions, layer by layer."""
    x = findings.data.x
    sides = [np.linspace(*ends(x[:, axis]), GRID + 1) for axis in (0, 1)]
    middles = [(side[1:] + side[:-1]) / 2 for side in sides]
    grid = np.column_stack([axis.ravel() for axis in np.meshgrid(*middles)])
    rows = findings.train[:POINTS]
    data = findings.data
    points = pd.DataFrame(
        {"x": x[rows, 0], "y": x[rows, 1], "value": [data.label(n) for n in data.y[rows]]}
    )
    classes = [data.label(number) for number in range(data.classes)]
    colour = alt.Color(
        "value:N",
        title="class",
        sort=classes,
        scale=alt.Scale(domain=classes, range=repeat(UNORDERED, len(classes))),
        legend=alt.Legend(symbolOpacity=1, symbolLimit=0),
    )
    panels = [
        region_panel(speaker, sides, points, colour, classes)
        for speaker in speakers(findings, grid)
    ]
    caption = (
        "What a linear probe of the input and of each hidden layer says on a grid of inputs, and "
        f"what the network says; points are {len(rows)} examples of the training part."
    )
    text = (
        "A probe of the input can only draw straight lines between classes. Where a later layer's "
        "regions bend around the classes, the layers before it have moved the examples so that a "
        "straight cut through their outputs is enough.",
    )
    figure = Figure("regions", caption, panels, square=True, clickable=False)
    return Section("regions", "Decision regions, layer by layer", text, figures=[figure])


def region_panel(
    speaker: Speaker, sides: list[Array], points: pd.DataFrame, colour: Any, classes: Sequence[str]
) -> Any:
    """The regions of one speaker."""
    numbers = speaker.says.reshape(GRID, GRID)
    runs = [
        run | {"value": classes[int(run["value"])]}
        for row, line in enumerate(numbers)
        for run in stretches(row, line, sides)
    ]
    x = alt.X("x:Q", title="first feature", scale=exact(sides[0]), axis=alt.Axis(grid=False))
    y = alt.Y("y:Q", title="second feature", scale=exact(sides[1]), axis=alt.Axis(grid=False))
    ground = (
        chart(pd.DataFrame(runs))
        .mark_rect(opacity=0.4)
        .encode(x=x, x2="x2", y=y, y2="y2", color=colour)
    )
    dots = (
        chart(points)
        .mark_circle(size=18, opacity=1, stroke="white", strokeWidth=0.4)
        .encode(x=x, y=y, color=colour, tooltip=["value:N", "x:Q", "y:Q"])
    )
    return alt.layer(ground, dots).properties(title=speaker.title)


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


def function(findings: Findings) -> Section:
    """The fitted function of one input, with what each depth's probe makes of it."""
    x, y = findings.data.x[:, 0], findings.data.y[:, 0]
    grid = np.linspace(*ends(x), CURVE)
    said_by = speakers(findings, grid[:, None])
    lines = pd.DataFrame(
        [
            {"x": float(at), "y": float(value), "value": speaker.title}
            for speaker in said_by
            for at, value in zip(grid, speaker.says.reshape(CURVE, -1)[:, 0], strict=True)
        ]
    )
    rows = findings.train[:POINTS]
    titles = [speaker.title for speaker in said_by]
    colour = alt.Color(
        "value:N",
        title="",
        sort=titles,
        scale=alt.Scale(domain=titles, range=repeat(UNORDERED, len(titles))),
        legend=alt.Legend(symbolOpacity=1, symbolLimit=0, columns=2, labelLimit=300),
    )
    curves = (
        chart(lines)
        .mark_line()
        .encode(
            x=alt.X("x:Q", title="input", scale=exact(grid)),
            y=alt.Y("y:Q", title="target", scale=alt.Scale(zero=False)),
            color=colour,
            strokeWidth=alt.condition("datum.value == 'the network'", alt.value(3), alt.value(1.5)),
            tooltip=["value:N", "x:Q", "y:Q"],
        )
    )
    dots = (
        chart(pd.DataFrame({"x": x[rows], "y": y[rows]}))
        .mark_circle(size=18, opacity=0.5, color="#8a8a8a")
        .encode(x="x:Q", y="y:Q")
    )
    of = " of the first target" if findings.data.y.shape[1] > 1 else ""
    caption = (
        f"What the network says of every input{of}, and what a linear probe of each layer says; "
        f"points are {len(rows)} examples of the training part."
    )
    figure = Figure("function", caption, [alt.layer(dots, curves)], clickable=False)
    return Section("function", "The fitted function", figures=[figure])
