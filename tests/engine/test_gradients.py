"""Every gradient against central differences."""

import numpy as np
import pytest

from nnbench.engine.activations import ELU, GELU, Softsign, Tanh
from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.initializers import Glorot
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.convolution import Convolution
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.gru_and_lstm import GRU, LSTM, SimpleCell
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.pooling import AveragePool, GlobalAverage, MaxPool
from nnbench.engine.layers.recurrent import Bidirectional, Last, Recurrent
from nnbench.engine.layers.reshape import Reshape
from nnbench.engine.layers.residual import Branches
from nnbench.engine.models import CNN, MLP, RNN
from nnbench.engine.network import Network
from nnbench.verification.gradients import STEP, central_differences
from tests.build_small import bound, built, options

BATCH = 5
AT_ONCE = 50
"""Parameters that are moved at once, each in runs of its own."""
INPUTS = 3
IMAGE = (5, 4, 2)
SIGNAL = (17, 2)
"""More steps than a recurrent layer works out at once."""
LAYERS = {
    "dense": (Dense(4, Glorot()), (INPUTS,)),
    **{name: (activate(built("activation", name)), (INPUTS,)) for name in options("activation")},
    **{name: (built("norm", name), (INPUTS,)) for name in options("norm")},
    **{f"{name} of images": (built("norm", name), IMAGE) for name in options("norm")},
    "convolution": (Convolution(3, Glorot()), IMAGE),
    "convolution of signals": (Convolution(3, Glorot(), kernel=4), SIGNAL),
    "strides": (Convolution(3, Glorot(), kernel=2, stride=2, padding=1), IMAGE),
    "dilation": (Convolution(3, Glorot(), kernel=2, padding=0, dilation=3), IMAGE),
    "max pool": (MaxPool(), IMAGE),
    "max pool of signals": (MaxPool(3), SIGNAL),
    "average pool": (AveragePool(), IMAGE),
    "global average": (GlobalAverage(), IMAGE),
    "reshape": (Reshape(-1), IMAGE),
    **{
        f"{cell.__name__} of {function.__class__.__name__}": (
            Recurrent(3, cell(function), Glorot(), Glorot()),
            SIGNAL,
        )
        for cell in (SimpleCell, GRU, LSTM)
        for function in (Tanh(), GELU(), ELU())
    },
    "backwards": (Recurrent(3, GRU(Softsign()), Glorot(), Glorot(), backwards=True), SIGNAL),
    "bidirectional": (
        Bidirectional(
            Recurrent(2, LSTM(ELU()), Glorot(), Glorot()),
            Recurrent(2, LSTM(ELU()), Glorot(), Glorot(), backwards=True),
        ),
        SIGNAL,
    ),
    "last": (Last(), SIGNAL),
    "last of both": (Last(bidirectional=True), SIGNAL),
}
MODELS = {
    "mlp": (MLP(), (INPUTS,)),
    "mlp on images": (MLP(), IMAGE),
    "cnn": (CNN(), IMAGE),
    "rnn": (RNN(), SIGNAL),
    "rnn on images": (RNN("lstm", bidirectional=True), IMAGE),
    "rnn with mean": (RNN("simple", output="mean"), SIGNAL),
    "cnn on signals": (CNN(stride=2, dilation=2, pool="average", head="flatten"), SIGNAL),
}


def assert_close(gradient, differences):
    scale = np.abs(differences).max()
    assert scale > 1e-3
    np.testing.assert_allclose(gradient, differences, rtol=1e-6, atol=1e-7 * scale)


def check_network(model, hidden, loss, runs, in_shape=(INPUTS,), depth=2):
    rng = np.random.default_rng(7)
    layers = model.layers(in_shape, 3, depth, 4, hidden, Glorot())
    plan = Network(layers, in_shape)
    network, params = bound(plan, rng.normal(0, 0.7, (runs, plan.size)), BATCH)
    values = params.values.copy()
    name, loss = loss, built("loss", loss).bind(Workspace(runs, BATCH, "float64"))
    x = rng.normal(0, 1, (runs, BATCH, *in_shape))
    targets = np.eye(3)[rng.integers(3, size=(runs, BATCH))]

    outputs = network.forward(x, train=True)
    network.backward(loss.gradient(outputs, targets, np.empty_like(outputs)))

    def loss_at(points):
        network, _ = bound(plan, points, BATCH)
        loss = built("loss", name).bind(Workspace(len(points), BATCH, "float64"))
        times = len(points) // runs
        outputs = network.forward(np.repeat(x, times, axis=0), train=True)
        return loss.value(outputs, np.repeat(targets, times, axis=0))

    assert_close(params.grads, side_by_side(loss_at, values))


def side_by_side(function, points):
    """Central differences at `points` (runs, size), of as many runs at once as there are shifts.

    `function` takes an array (runs times shifts, size), all shifts of the first run first.
    """
    gradient = np.empty_like(points)
    for numbers in np.array_split(np.arange(points.shape[1]), -(-points.shape[1] // AT_ONCE)):
        shifts = np.zeros((len(numbers), points.shape[1]))
        shifts[np.arange(len(numbers)), numbers] = STEP
        shifted = points[:, None] + np.concatenate([shifts, -shifts])
        values = function(shifted.reshape(-1, points.shape[1])).reshape(len(points), 2, -1)
        gradient[:, numbers] = (values[:, 0] - values[:, 1]) / (2 * STEP)
    return gradient


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("loss", options("loss"))
@pytest.mark.parametrize("activation", options("activation"))
def test_network_gradient_equals_central_differences(activation, loss, runs):
    check_network(MLP(), Hidden(built("activation", activation)), loss, runs)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("norm", [None, *options("norm")])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("activation", ["gelu", "elu", "prelu"])
def test_gradient_through_all_that_stands_in_hidden_layer(model, norm, residual, activation):
    norm = norm and built("norm", norm)
    hidden = Hidden(built("activation", activation), norm, 0.0, residual)
    model, in_shape = MODELS[model]
    if isinstance(model, RNN) and activation == "prelu":
        pytest.skip("a cell has nothing to learn in its activation")
    check_network(model, hidden, "mse", 3, in_shape)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("scale", [None, 0.3, 1.0, 4.0])
def test_gradient_through_scaled_branches(model, scale):
    model, in_shape = MODELS[model]
    hidden = Hidden(built("activation", "gelu"), residual=True, branches=Branches(scale))
    check_network(model, hidden, "mse", 3, in_shape, depth=4)


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("name", LAYERS)
def test_layer_gradients_equal_central_differences(name, runs):
    """Gradients of all outputs' sum, randomly weighted, for inputs and parameters."""
    rng = np.random.default_rng(11)
    layer, in_shape = LAYERS[name]
    plan = layer.plan(in_shape)
    params = ParamStack(runs, plan.size, "float64", statistics=len(plan.statistics))
    params.values[:] = rng.normal(0, 1, params.values.shape)
    layer.bind(in_shape, Views(params), Workspace(runs, BATCH, "float64"))
    # Far enough from 0 that no difference is taken across a kink.
    x = rng.uniform(0.1, 2, (runs, BATCH, *in_shape)) * rng.choice(
        [-1, 1], (runs, BATCH, *in_shape)
    )
    weights = rng.normal(0, 1, (runs, BATCH, *plan.out_shape))

    def value():
        y = weights * layer.forward(x.copy(), train=True)
        return y.reshape(runs, -1).sum(axis=1)

    # Other layers may write over all that they are given, and nothing of that may come back.
    y = layer.forward(x.copy(), train=True)
    dx = layer.backward(weights.copy(), need_dx=True)
    y[:], dx[:] = np.nan, np.nan
    layer.forward(x.copy(), train=True)
    dx = layer.backward(weights.copy(), need_dx=True).copy()
    grads = params.grads.copy()

    assert_close(dx, central_differences(value, x))
    if plan.size:
        assert_close(grads, central_differences(value, params.values))


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("loss", options("loss"))
def test_loss_gradient_equals_central_differences(loss, runs):
    rng = np.random.default_rng(3)
    loss = built("loss", loss).bind(Workspace(runs, BATCH, "float64"))
    outputs = rng.normal(0, 2, (runs, BATCH, 4))
    targets = np.eye(4)[rng.integers(4, size=(runs, BATCH))]

    out = np.empty_like(outputs)
    gradient = loss.gradient(outputs, targets, out)

    assert gradient is out
    assert_close(gradient, central_differences(lambda: loss.value(outputs, targets), outputs))
