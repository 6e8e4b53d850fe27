"""The fitted function of one input, with those of each layer's probe."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.inspection.examination import Inspection
from nnbench.inspection.sections.decision_regions import exact
from nnbench.inspection.sections.predictions import POINTS, axis_ends, by_predictor
from nnbench.pages import Section, palette
from nnbench.pages.figures import Figure, chart

CURVE = 200
"""Points of a fitted function."""


def make(inspection: Inspection) -> Section:
    """The predicted target against the input: a line for each layer's probe and the network."""
    x, y = inspection.data.x[:, 0], inspection.data.y[:, 0]
    rows = inspection.train[:POINTS]
    dots = (
        chart(pd.DataFrame({"x": x[rows], "y": y[rows]}))
        .mark_circle(size=18, opacity=0.5, color=palette.GREY)
        .encode(x="x:Q", y="y:Q")
    )
    of = " of the first target" if inspection.data.y.shape[1] > 1 else ""
    caption = (
        f"Predictions{of} by the network and by a linear probe of each layer. Points: "
        f"{len(rows)} examples of the training set."
    )
    figure = Figure("function", caption, [alt.layer(dots, lines(inspection))], clickable=False)
    return Section("function", "The fitted function", figures=[figure])


def lines(inspection: Inspection) -> Any:
    """The predictions of every predictor along the input."""
    grid = np.linspace(*axis_ends(inspection.data.x[:, 0]), CURVE)
    predicted = by_predictor(inspection, grid[:, None])
    frame = pd.DataFrame(
        [
            {"x": float(at), "y": float(value), "value": predictions.title}
            for predictions in predicted
            for at, value in zip(grid, predictions.values.reshape(CURVE, -1)[:, 0], strict=True)
        ]
    )
    titles = [predictions.title for predictions in predicted]
    colour = alt.Color(
        "value:N",
        title="",
        sort=titles,
        scale=alt.Scale(domain=titles, range=palette.unordered(len(titles))),
        legend=alt.Legend(symbolOpacity=1, symbolLimit=0, columns=2, labelLimit=300),
    )
    return (
        chart(frame)
        .mark_line()
        .encode(
            x=alt.X("x:Q", title="input", scale=exact(grid)),
            y=alt.Y("y:Q", title="target", scale=alt.Scale(zero=False)),
            color=colour,
            strokeWidth=alt.condition("datum.value == 'the network'", alt.value(3), alt.value(1.5)),
            tooltip=["value:N", "x:Q", "y:Q"],
        )
    )
