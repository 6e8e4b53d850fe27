"""The predictions of every layer's probe, and of the network, for the same inputs."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.inspection.examination import Inspection, predictions
from nnbench.inspection.outputs import outputs_of

POINTS = 400
"""Examples that are drawn, at most."""

MARGIN = 0.08
"""Share of the range of the data that is shown beyond it on either side."""


@dataclass(frozen=True)
class Predictions:
    """The predictions of one predictor, a probe or the network, for raw inputs."""

    title: str
    """The predictor."""
    values: Array
    """Classes (rows,) or targets (rows, targets)."""


def by_predictor(inspection: Inspection, x: Array) -> list[Predictions]:
    """The predictions of the probe of each layer, and of the network, for raw inputs."""
    # The output, which comes last, has no probe.
    outputs = outputs_of(inspection.trained, x)[:-1]
    probed = [
        Predictions(f"probe of {layer.title}", layer.probe.predict(output.numbers))
        for layer, output in zip(inspection.layers, outputs, strict=True)
    ]
    return [*probed, Predictions("the network", predictions(inspection.trained, x))]


def axis_ends(values: Array) -> tuple[float, float]:
    """The range of an axis: that of the data with a margin on either side."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin
