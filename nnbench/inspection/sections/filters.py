"""The filters of the first layer of a network, as images."""

from math import ceil, prod
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.assembly.predictor import Trained
from nnbench.engine.arrays import Array
from nnbench.inspection.examination import Inspection
from nnbench.pages import Section
from nnbench.pages.figures import Figure, chart

A_PANEL = 16
"""Filters of a panel, at most."""

CELLS = 12_000
"""Weights that are drawn, at most."""


def make(inspection: Inspection) -> Section | None:
    """The first layer's weights in the shape of what they see; None if that isn't an image."""
    weights = filter_images(inspection.trained)
    if weights is None:
        return None
    images, whole = weights
    total = len(images)
    count = max(1, min(len(images), CELLS // images[0].size))
    order = np.argsort(-np.linalg.norm(images.reshape(len(images), -1), axis=1), kind="stable")
    chosen = np.sort(order[:count])
    limit = float(np.abs(images[chosen]).max()) or 1.0
    panels = [
        filter_panel(images, chosen[start : start + A_PANEL], limit)
        for start in range(0, count, A_PANEL)
    ]
    which = f"all {total} units" if count == total else f"{count} of the {total} units"
    largest = "" if count == total else ", those with the largest weights"
    of = "mean over the channels; " if inspection.trained.in_shape[-1] > 1 else ""
    caption = f"Weights of {which} of the first layer{largest}; {of}red is negative, blue positive."
    text = (
        "Each unit sees the whole image through weights of its own."
        if whole
        else "Each channel sees a small window that moves over the image.",
    )
    figure = Figure("filters", caption, panels, square=True, clickable=False)
    return Section("filters", "The first layer's filters", text, figures=[figure])


def filter_images(trained: Trained) -> tuple[Array, bool] | None:
    """Weights (units, height, width) of the first layer, and whether they see the whole image."""
    network, shape = trained.network(), trained.in_shape
    layer = network.layers[network.first]
    in_shape = network.in_shapes[network.first]
    tensor = network.tensors[0]
    weights = trained.values[tensor.start : tensor.end].reshape(tensor.shape)
    if in_shape == (prod(shape),):
        window = shape
    elif in_shape == shape and (moving := layer.window(shape)) is not None:
        window = (*moving.kernel, shape[-1])
    else:
        return None
    images = weights.reshape(*window, -1).mean(axis=2)
    return np.moveaxis(images, -1, 0), in_shape != shape


def filter_panel(images: Array, units: Array, limit: float) -> Any:
    """Some filters beside and below each other, all with the same colours."""
    _, height, width = images.shape
    columns = ceil(len(units) ** 0.5)
    lines = ceil(len(units) / columns)
    cells = [
        {
            "x": (place % columns) * (width + 1) + column,
            "y": (place // columns) * (height + 1) + row,
            "weight": float(f"{images[unit, row, column]:.4g}"),
            "unit": int(unit) + 1,
        }
        for place, unit in enumerate(units)
        for row in range(height)
        for column in range(width)
    ]
    scale = alt.Scale(domain=[-limit, limit], scheme="redblue")
    title = (
        f"unit {units[0] + 1}" if len(units) == 1 else f"units {units[0] + 1} to {units[-1] + 1}"
    )
    return (
        chart(pd.DataFrame(cells))
        .mark_rect()
        .encode(
            x=alt.X("x:O", axis=None, scale=places(columns * (width + 1) - 1)),
            y=alt.Y("y:O", axis=None, scale=places(lines * (height + 1) - 1)),
            color=alt.Color("weight:Q", scale=scale, legend=None),
            tooltip=["unit:O", "weight:Q"],
        )
        .properties(title=title)
    )


def places(count: int) -> Any:
    """The scale of an axis on which places without a weight stay empty, between two filters."""
    return alt.Scale(domain=list(range(count)), padding=0)
