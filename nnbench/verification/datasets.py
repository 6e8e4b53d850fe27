"""A data set against itself, and against the network that was built by hand to solve it."""

from collections.abc import Iterator

import numpy as np

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.data.solutions import SOLUTIONS, Solution
from nnbench.engine.activations import ReLU
from nnbench.engine.arrays import Array, Workspace
from nnbench.engine.initializers import Glorot
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.models import MLP
from nnbench.engine.network import Network
from nnbench.run.config import Component
from nnbench.verification.check import Check, attempt

EXACT = 1e-9


def dataset_checks(component: Component) -> Iterator[Check]:
    """Checks that the data are the same each time, finite, and solved by their solution, if any."""
    yield attempt("same", same_check, component)
    yield attempt("finite", finite_check, component)
    if component.target in SOLUTIONS:
        yield attempt("solved", solved_check, component)


def same_check(component: Component) -> Check:
    """Made twice, it must be the same data."""
    first, again = (build.dataset(component).fingerprint for _ in range(2))
    return Check("same", float(first != again), 0.0)


def finite_check(component: Component) -> Check:
    """The share of numbers that are none."""
    data = build.dataset(component)
    bad = [1 - np.isfinite(values).mean() for values in (data.x, data.y)]
    return Check("finite", float(max(bad)), 0.0)


def solved_check(component: Component) -> Check:
    """Error of the hand-built network on the data without noise."""
    clean = Component(component.name, component.target, {**(component.options or {}), "noise": 0})
    data = build.dataset(clean)
    solution = SOLUTIONS[component.target](clean.options or {})
    note = f"solved by depth {solution.depth}, width {solution.width} with relu, as built by hand"
    return Check("solved", unsolved(data, outputs(solution, data)), EXACT, note=note)


def outputs(solution: Solution, data: Dataset) -> Array:
    """Outputs of the network for all rows, (rows, outputs), in the data's own units."""
    shape = data.x.shape[1:]
    hidden = Hidden(ReLU())
    layers = MLP().layers(shape, data.outputs, solution.depth, solution.width, hidden, Glorot())
    network = Network(layers, shape)
    params = network.params(1, np.float64)
    params.values[0] = solution.parameters
    bound = network.bind(params, Workspace(1, len(data.x), np.float64))
    predictions: Array = bound.forward(data.x[None].copy(), train=False)[0]
    return predictions


def unsolved(data: Dataset, predictions: Array) -> float:
    """The share of rows in the wrong class, or the largest error."""
    if data.classes:
        return float((predictions.argmax(axis=1) != data.y).mean())
    return float(np.abs(predictions - data.y).max())
