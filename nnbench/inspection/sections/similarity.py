"""Pairwise similarity of the layers."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from nnbench.inspection.examination import Inspection
from nnbench.inspection.outputs import title_of
from nnbench.pages import Section, Table
from nnbench.pages.figures import Figure, chart
from nnbench.pages.table_cells import Cell, Number

WRITTEN = 12
"""Layers, at most, of which each pair has its number written into it."""

TEXT = (
    "1 means that two layers represent the examples alike up to rotation and scale; 0 that no "
    "linear map connects them. In a block of similar layers, each changes the representation "
    "little."
)


def make(inspection: Inspection) -> Section:
    """Linear CKA between all pairs of layers, as a heat map and a table."""
    names, matrix = list(inspection.names), inspection.similarity
    frame = pd.DataFrame(
        [
            {"first": a, "second": b, "cka": None if np.isnan(value) else float(value),
             "text": "" if np.isnan(value) else f"{value:.2f}"}
            for a, row in zip(names, matrix, strict=True)
            for b, value in zip(names, row, strict=True)
        ]
    )  # fmt: skip
    text = [TEXT]
    constant = [title_of(name) for i, name in enumerate(names) if np.isnan(matrix[i, i])]
    if constant:
        text.append(f"Dead layers, with the same output for all examples: {', '.join(constant)}.")
    rows: list[list[Cell]] = [
        [name, *(Number("—" if np.isnan(cka) else f"{cka:.2f}", cka) for cka in row)]
        for name, row in zip(names, matrix, strict=True)
    ]
    data = frame.drop(columns="text")
    table = Table("similarity", ("layer", *names), rows, data, folded=True)
    caption = "Linear CKA between all pairs of layers; darker is more similar."
    figure = Figure("similarity", caption, [heatmap(frame, names)], square=True, clickable=False)
    return Section("similarity", "Similarity of layers", text, tables=[table], figures=[figure])


def heatmap(frame: pd.DataFrame, names: list[str]) -> Any:
    """A cell for every pair; of few layers with the number in it."""
    axis = alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, domain=False)
    x = alt.X("second:O", sort=names, title="layer", axis=axis)
    y = alt.Y("first:O", sort=names, title="layer", axis=axis)
    scale = alt.Scale(domain=[0, 1], scheme="purples")
    base = chart(frame)
    cells = base.mark_rect().encode(
        x=x,
        y=y,
        color=alt.Color("cka:Q", title="linear CKA", scale=scale, legend=None),
        tooltip=["first:O", "second:O", alt.Tooltip("cka:Q", title="linear CKA", format=".3f")],
    )
    if len(names) > WRITTEN:
        return cells
    ink = alt.condition("datum.cka > 0.55", alt.value("white"), alt.value("#1d1f27"))
    numbers = base.mark_text(fontSize=11).encode(x=x, y=y, text="text:N", color=ink)
    return alt.layer(cells, numbers)
