"""Networks: a small one worked by hand, and what holds for all."""

from itertools import pairwise

import numpy as np
import pytest

from nnbench.engine.activations import ReLU
from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.initializers import Glorot, He
from nnbench.engine.layers.activation import Activate
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.losses import MeanSquaredError
from nnbench.engine.models import MLP
from nnbench.engine.network import Network
from nnbench.optim.sgd import SGD
from tests.build_small import bound, built, options


def test_step_worked_by_hand():
    """Two inputs, two rectified units, one output, two examples, squared error.

    x         before ReLU   output   target   error
     1,  2     1.0,  0.5     2.0       1       1.0
     2, -2     0.5, -3.0     1.5       2      -0.5
    """
    plan = Network([Dense(2, Glorot()), Activate(ReLU()), Dense(1, Glorot())], (2,))
    weights = [[0.5, -0.5, 0.25, 0.75, 0.0, -0.5, 2.0, -1.0, 0.5]]
    network, params = bound(plan, np.array(weights), 2)
    loss = MeanSquaredError()
    x, targets = np.array([[[1.0, 2], [2, -2]]]), np.array([[[1.0], [2]]])

    outputs = network.forward(x, train=True)
    np.testing.assert_array_equal(outputs, [[[2.0], [1.5]]])
    np.testing.assert_array_equal(loss.value(outputs, targets), [(1 + 0.25) / 2])

    doutputs = loss.gradient(outputs, targets, np.empty_like(outputs))
    np.testing.assert_array_equal(doutputs, [[[1.0], [-0.5]]])

    network.backward(doutputs)
    dweights1, dbias1 = [0.0, -1.0, 6.0, -2.0], [1.0, -1.0]
    dweights2, dbias2 = [0.75, 0.5], [0.5]
    np.testing.assert_array_equal(params.grads, [dweights1 + dbias1 + dweights2 + dbias2])

    SGD().step(params, SGD().init(params), 0.5, 1)
    np.testing.assert_array_equal(
        params.values, [[0.5, 0.0, -2.75, 1.75, -0.5, 0.0, 1.625, -1.25, 0.25]]
    )


def test_first_layer_gradient_worked_by_hand():
    layer = Dense(2, Glorot())
    params = ParamStack(1, layer.plan((2,)).size, "float64")
    params.values[:] = [0.5, -0.5, 0.25, 0.75, 0.0, -0.5]
    layer.bind((2,), Views(params), Workspace(1, 2, "float64"))

    layer.forward(np.array([[[1.0, 2], [2, -2]]]), train=True)
    dx = layer.backward(np.array([[[2.0, -1], [-1, 0]]]), need_dx=True)

    np.testing.assert_array_equal(dx, [[[1.5, -0.25], [-0.5, -0.25]]])


def planned(activation="tanh", depth=2, inputs=3, width=5, outputs=2):
    function = built("activation", activation)
    layers = MLP().layers((inputs,), outputs, depth, width, Hidden(function), He())
    return Network(layers, (inputs,))


def gradients(plan, values, x, targets):
    """Outputs and gradients of a squared error."""
    network, params = bound(plan, values, x.shape[1])
    outputs = network.forward(x, train=True).copy()
    network.backward(MeanSquaredError().gradient(outputs, targets, np.empty_like(outputs)))
    return outputs, params.grads


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch", [1, 7, 32])
@pytest.mark.parametrize("activation", options("activation"))
def test_run_is_the_same_in_a_stack(activation, batch, dtype):
    rng = np.random.default_rng(5)
    plan = planned(activation, inputs=10, width=13)
    values = rng.normal(0, 0.5, (4, plan.size)).astype(dtype)
    x = rng.normal(0, 1, (4, batch, 10)).astype(dtype)
    targets = rng.normal(0, 1, (4, batch, 2)).astype(dtype)
    values[1] = np.nan

    outputs, grads = gradients(plan, values, x, targets)

    for run in (0, 2, 3):
        alone = gradients(plan, values[[run]], x[[run]], targets[[run]])
        np.testing.assert_array_equal(alone[0][0], outputs[run])
        np.testing.assert_array_equal(alone[1][0], grads[run])


def test_gradients_are_written_anew_each_time():
    rng = np.random.default_rng(5)
    plan = planned()
    network, params = bound(plan, rng.normal(0, 1, (2, plan.size)), 4)
    x, dy = rng.normal(0, 1, (2, 4, 3)), rng.normal(0, 1, (2, 4, 2))

    network.forward(x, train=True)
    network.backward(dy.copy())
    once = params.grads.copy()
    network.forward(x, train=True)
    network.backward(dy.copy())

    assert once.any()
    np.testing.assert_array_equal(params.grads, once)


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_mlp_counts_hidden_layers(depth):
    plan = planned(depth=depth, inputs=3, width=5, outputs=2)

    sizes = [3] + [5] * depth + [2]
    expected = sum((a + 1) * b for a, b in pairwise(sizes))
    assert plan.size == expected
    assert plan.out_shape == (2,)
    assert len(plan.blocks) == depth + 1
    assert [block.start for block in plan.blocks[1:]] == [block.end for block in plan.blocks[:-1]]


def test_depth_0_is_the_linear_model():
    rng = np.random.default_rng(0)
    plan = planned(depth=0)
    values = rng.normal(0, 1, (1, plan.size))
    x = rng.normal(0, 1, (1, 6, 3))
    network, _ = bound(plan, values, 6)

    expected = x @ values[0, :6].reshape(3, 2) + values[0, 6:]

    np.testing.assert_allclose(network.forward(x, train=False), expected, rtol=1e-12)


def test_initialising_fills_weights_and_leaves_biases_at_zero():
    plan = planned(depth=1, inputs=3, width=5, outputs=2)
    vector = np.full(plan.size, np.nan)

    plan.initialise(vector, np.random.default_rng(0))

    assert vector[:15].all()
    assert not vector[15:20].any()
    assert vector[20:30].all()
    assert not vector[30:].any()


@pytest.mark.parametrize("activation", options("activation"))
def test_stack_that_every_run_left_still_binds(activation):
    plan = planned(activation)

    network, _ = bound(plan, np.empty((0, plan.size)), 4)

    assert network.forward(np.empty((0, 4, 3)), train=True).shape == (0, 4, 2)


def test_bound_copies_share_parameters_but_no_buffers():
    plan = planned()
    params = ParamStack(1, plan.size, "float64")
    params.values[:] = 1
    large = plan.bind(params, Workspace(1, 8, "float64"))
    small = plan.bind(params, Workspace(1, 2, "float64"))
    x = np.ones((1, 8, 3))

    outputs = large.forward(x, train=True)
    kept = outputs.copy()
    params.values[:] = 2
    changed = small.forward(x[:, :2], train=True)

    np.testing.assert_array_equal(outputs, kept)
    assert (changed != kept[:, :2]).all()
