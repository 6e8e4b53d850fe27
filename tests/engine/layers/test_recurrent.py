"""Gradients through many steps, against finite differences of the cells written out plainly."""

from copy import copy

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.initializers import Glorot
from nnbench.engine.layers.gru_and_lstm import GRU, LSTM, SimpleCell
from nnbench.engine.layers.prelu import PReLU
from nnbench.engine.layers.recurrent import Bidirectional, Recurrent
from nnbench.verification.gradients import STEP
from tests.build_small import built, options

FEATURES, UNITS, BATCH, RUNS = 2, 3, 4, 2
CELLS = [SimpleCell, GRU, LSTM]
ACTIVATIONS = [
    name for name in options("activation") if not isinstance(built("activation", name), PReLU)
]


def applied(function, x):
    """f(x), elementwise."""
    y = np.empty_like(x)
    function.forward(x.copy(), y, np.empty_like(x))
    return y


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step_of(cell, function, state, of_input, of_state):
    """The state (h, c) after a step; products with biases are (gates, …)."""
    h, c = state
    if cell is SimpleCell:
        return applied(function, of_input[0] + of_state[0]), c
    if cell is GRU:
        r, z = sigmoid(of_input[:2] + of_state[:2])
        return (1 - z) * applied(function, of_input[2] + r * of_state[2]) + z * h, c
    o, i, k = sigmoid(of_input[:3] + of_state[:3])
    c = k * c + i * applied(function, of_input[3] + of_state[3])
    return o * applied(function, c), c


def plain(cell, function, values, x, previous=None, truncation=None):
    """States (h, c) after every step, (steps, 2, rows, batch, units), for rows of parameters.

    Where a piece of `truncation` steps begins, counted from the end, `previous` is the state.
    """
    rows, steps, gates = len(values), x.shape[2], cell.gates
    sizes = np.cumsum([gates * FEATURES * UNITS, gates * UNITS * UNITS, gates * UNITS])
    w, u, b, v = (
        piece.reshape(rows, gates, -1, UNITS).swapaxes(0, 1)
        for piece in np.split(values, sizes, axis=1)
    )
    state, states = np.zeros((2, rows, x.shape[1], UNITS)), []
    for t in range(steps):
        if previous is not None and truncation and t and (steps - t) % truncation == 0:
            state = np.broadcast_to(previous[t - 1], state.shape)
        of_input, of_state = x[:, :, t] @ w + b, state[0] @ u + v
        state = np.stack(step_of(cell, function, state, of_input, of_state))
        states.append(state)
    return np.stack(states)


def expected(cell, function, values, x, weights, truncation):
    """The gradient of the weighted sum of one run's states, (size,), by central differences."""
    trajectory = plain(cell, function, values[None], x[None])
    moved = np.concatenate(
        [values + STEP * np.eye(values.size), values - STEP * np.eye(values.size)]
    )
    states = plain(cell, function, moved, x[None], trajectory, truncation)[:, 0]
    above, below = np.einsum("trbu,btu->r", states, weights).reshape(2, -1)
    return (above - below) / (2 * STEP)


def drawn(layer, steps, units=UNITS, batch=BATCH):
    """Parameters, inputs and weights of the outputs of some runs."""
    rng = np.random.default_rng(5)
    size = layer.plan((steps, FEATURES)).size
    shapes = (RUNS, size), (RUNS, batch, steps, FEATURES), (RUNS, batch, steps, units)
    return [
        rng.normal(0, deviation, shape)
        for deviation, shape in zip((0.5, 1, 1), shapes, strict=True)
    ]


def bound(layer, values, batch, steps):
    """The layer with memory for runs of the given parameters."""
    params = ParamStack(*values.shape, "float64")
    params.values[:] = values
    layer.bind((steps, FEATURES), Views(params), Workspace(RUNS, batch, "float64"))
    return params


@pytest.mark.parametrize("truncation", [None, 5, 9, 16])
@pytest.mark.parametrize("steps", [17, 40])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradient_through_many_steps(name, cell, steps, truncation):
    function = built("activation", name)
    layer = Recurrent(UNITS, cell(function), Glorot(), Glorot(), truncation)
    values, x, weights = drawn(layer, steps)
    params = bound(layer, values, BATCH, steps)

    y = layer.forward(x, train=True).copy()
    layer.backward(weights.copy(), need_dx=True)

    for run in range(RUNS):
        states = plain(cell, function, values[[run]], x[[run]])
        np.testing.assert_allclose(y[run], states[:, 0, 0].swapaxes(0, 1), rtol=1e-9, atol=1e-12)
        differences = expected(cell, function, values[run], x[run], weights[run], truncation)
        scale = np.abs(differences).max()
        assert scale > 1e-2
        np.testing.assert_allclose(params.grads[run], differences, rtol=1e-5, atol=1e-6 * scale)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", ["relu", "softsign", "tanh", "gelu"])
def test_copies_for_other_batch_sizes_share_nothing(name, cell):
    """Copies of a bidirectional layer all go forward before any goes back."""
    steps, sizes, function = 19, (5, 2, 9), built("activation", name)
    halves = [
        Recurrent(UNITS, cell(function), Glorot(), Glorot(), backwards=backwards)
        for backwards in (False, True)
    ]
    layer = Bidirectional(*halves)

    def forward(batch):
        values, x, weights = drawn(layer, steps, 2 * UNITS, batch)
        duplicate = copy(layer)
        params = bound(duplicate, values, batch, steps)
        duplicate.forward(x, train=True)
        return duplicate, params, weights

    def back(duplicate, params, weights):
        return duplicate.backward(weights, need_dx=True).copy(), params.grads.copy()

    alone = [back(*forward(batch)) for batch in sizes]
    together = [back(*duplicate) for duplicate in [forward(batch) for batch in sizes]]

    for actual, right in zip(together, alone, strict=True):
        for array, other in zip(actual, right, strict=True):
            np.testing.assert_array_equal(array, other)
