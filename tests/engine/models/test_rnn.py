"""Recurrent networks: what they read, and how far their gradient goes back."""

import numpy as np
import pytest

from nnbench.engine.activations import Tanh
from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.initializers import LSUV, Glorot
from nnbench.engine.layers.gru_and_lstm import GRU, LSTM, SimpleCell
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.prelu import PReLU
from nnbench.engine.layers.recurrent import Recurrent
from nnbench.engine.models import RNN
from nnbench.engine.network import Network

STEPS, FEATURES, UNITS, BATCH = 19, 2, 3, 4


def sensitivity(cell, truncation, backwards=False):
    """Sensitivity of the last output to each step of the input, (steps,)."""
    rng = np.random.default_rng(0)
    layer = Recurrent(UNITS, cell(Tanh()), Glorot(), Glorot(), truncation, backwards=backwards)
    params = ParamStack(1, layer.plan((STEPS, FEATURES)).size, "float64")
    params.values[:] = rng.normal(size=params.values.shape)
    layer.bind((STEPS, FEATURES), Views(params), Workspace(1, BATCH, "float64"))
    layer.forward(rng.normal(size=(1, BATCH, STEPS, FEATURES)), train=True)
    dy = np.zeros((1, BATCH, STEPS, UNITS))
    dy[:, :, 0 if backwards else -1] = 1
    return np.abs(layer.backward(dy, need_dx=True)).sum(axis=(0, 1, 3)) > 0


@pytest.mark.parametrize("cell", [SimpleCell, GRU, LSTM])
@pytest.mark.parametrize("truncation", [1, 3, 8, 9, 19, 21, None])
def test_gradient_goes_back_as_far_as_it_may(cell, truncation):
    reached = min(truncation or STEPS, STEPS)
    expected = np.arange(STEPS) >= STEPS - reached

    np.testing.assert_array_equal(sensitivity(cell, truncation), expected)
    np.testing.assert_array_equal(sensitivity(cell, truncation, backwards=True), expected[::-1])


def passed(values, x, dy, layer):
    """Outputs and gradients of a layer, given the parameters of every run."""
    params = ParamStack(*values.shape, "float32")
    params.values[:] = values
    layer.bind(x.shape[2:], Views(params), Workspace(len(x), x.shape[1], "float32"))
    y = layer.forward(x, train=True)
    return y, layer.backward(dy.copy(), need_dx=True), params.grads


@pytest.mark.parametrize("cell", [SimpleCell, GRU, LSTM])
@pytest.mark.parametrize("units", [1, 2, 3, 32])
@pytest.mark.parametrize("batch", [1, 2, 3, 64])
def test_a_run_does_not_notice_its_neighbours(cell, units, batch):
    def layer():
        return Recurrent(units, cell(Tanh()), Glorot(), Glorot())

    rng = np.random.default_rng(0)
    for steps in (1, 2, STEPS):
        for features in (1, FEATURES):
            sizes = (layer().plan((steps, features)).size,), (batch, steps, features)
            values, x, dy = (
                rng.normal(size=(3, *size)).astype("float32")
                for size in (*sizes, (batch, steps, units))
            )
            stacked = passed(values, x, dy, layer())
            for run in range(3):
                alone = passed(*(array[[run]] for array in (values, x, dy)), layer())
                for actual, expected in zip(stacked, alone, strict=True):
                    np.testing.assert_array_equal(actual[run], expected[0])


def layers(in_shape, activation, **options):
    return RNN(**options).layers(in_shape, 10, 2, UNITS, Hidden(activation), Glorot())


def test_images_are_read_row_by_row():
    network = Network(layers((8, 6, 3), Tanh()), (8, 6, 3))

    assert network.plans[0].out_shape == (8, 18)


def test_both_directions_have_the_units():
    network = Network(layers((STEPS, FEATURES), Tanh(), bidirectional=True), (STEPS, FEATURES))

    assert network.plans[0].out_shape == (STEPS, 2 * UNITS)


def test_what_can_not_be_read_is_refused():
    with pytest.raises(ValueError, match=r"^is for data with steps, but an example is 4 numbers$"):
        layers((4,), Tanh())
    with pytest.raises(ValueError, match=r"nothing to learn, unlike PReLU$"):
        layers((STEPS, FEATURES), PReLU())
    with pytest.raises(ValueError, match=r"does not depend on outputs, unlike LSUV$"):
        RNN().layers((STEPS, FEATURES), 10, 2, UNITS, Hidden(Tanh()), LSUV())


@pytest.mark.parametrize(
    ("name", "value"),
    [("cell", "lru"), ("bidirectional", 1), ("output", "all"), ("truncation", 0),
     ("truncation", 2.5), ("recurrent_init", "he")],
)  # fmt: skip
def test_options_are_checked(name, value):
    with pytest.raises(ValueError, match=f"^{name}={value}: must be "):
        RNN(**{name: value})
