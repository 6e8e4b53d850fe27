"""Every gradient against central differences."""

import numpy as np
import pytest

from nnbench.engine.activations import Tanh
from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.initializers import Glorot
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.network import Network
from nnbench.verification.gradients import central_differences
from tests.build_small import bound, made, options

BATCH = 5
INPUTS = 3
LAYERS = {"dense": Dense(4, Glorot())} | {
    name: activate(made("activation", name)) for name in options("activation")
}
LAYERS |= {name: made("norm", name) for name in options("norm")}


def assert_close(gradient, differences):
    scale = np.abs(differences).max()
    assert scale > 1e-3
    np.testing.assert_allclose(gradient, differences, rtol=1e-6, atol=1e-7 * scale)


def check_network(model, hidden, loss, runs):
    rng = np.random.default_rng(7)
    layers = made(
        "model",
        model,
        in_shape=(INPUTS,),
        outputs=3,
        depth=2,
        width=4,
        hidden=hidden,
        init=Glorot(),
    )
    plan = Network(layers, (INPUTS,))
    network, params = bound(plan, rng.normal(0, 0.7, (runs, plan.size)), BATCH)
    loss = made("loss", loss).bind(Workspace(runs, BATCH, "float64"))
    x = rng.normal(0, 1, (runs, BATCH, INPUTS))
    targets = np.eye(3)[rng.integers(3, size=(runs, BATCH))]

    outputs = network.forward(x, train=True)
    network.backward(loss.gradient(outputs, targets, np.empty_like(outputs)))

    differences = central_differences(
        lambda: loss.value(network.forward(x, train=True), targets), params.values
    )
    assert_close(params.grads, differences)


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("loss", options("loss"))
@pytest.mark.parametrize("activation", options("activation"))
def test_network_gradient(activation, loss, runs):
    check_network("mlp", Hidden(made("activation", activation)), loss, runs)


@pytest.mark.parametrize("model", options("model"))
def test_model_gradient(model):
    check_network(model, Hidden(Tanh()), "mse", 3)


@pytest.mark.parametrize("model", options("model"))
@pytest.mark.parametrize("norm", [None, *options("norm")])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("activation", ["gelu", "tanh", "prelu"])
def test_gradient_through_all_that_stands_in_a_hidden_layer(model, norm, residual, activation):
    norm = norm and made("norm", norm)
    check_network(model, Hidden(made("activation", activation), norm, 0.0, residual), "mse", 3)


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("name", LAYERS)
def test_layer_gradients(name, runs):
    """Of the sum of all outputs, each weighted at random, for inputs and parameters."""
    rng = np.random.default_rng(11)
    layer = LAYERS[name]
    plan = layer.plan((INPUTS,))
    params = ParamStack(runs, plan.size, "float64", statistics=len(plan.statistics))
    params.values[:] = rng.normal(0, 1, params.values.shape)
    layer.bind((INPUTS,), Views(params), Workspace(runs, BATCH, "float64"))
    # Far enough from 0 that no difference is taken across a kink.
    x = rng.uniform(0.1, 2, (runs, BATCH, INPUTS)) * rng.choice([-1, 1], (runs, BATCH, INPUTS))
    weights = rng.normal(0, 1, (runs, BATCH, *plan.out_shape))

    def value():
        return (weights * layer.forward(x.copy(), train=True)).sum(axis=(1, 2))

    layer.forward(x.copy(), train=True)
    dx = layer.backward(weights.copy(), need_dx=True).copy()
    grads = params.grads.copy()

    assert_close(dx, central_differences(value, x))
    if plan.size:
        assert_close(grads, central_differences(value, params.values))


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("loss", options("loss"))
def test_loss_gradient(loss, runs):
    rng = np.random.default_rng(3)
    loss = made("loss", loss).bind(Workspace(runs, BATCH, "float64"))
    outputs = rng.normal(0, 2, (runs, BATCH, 4))
    targets = np.eye(4)[rng.integers(4, size=(runs, BATCH))]

    out = np.empty_like(outputs)
    gradient = loss.gradient(outputs, targets, out)

    assert gradient is out
    assert_close(gradient, central_differences(lambda: loss.value(outputs, targets), outputs))
