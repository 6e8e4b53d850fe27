"""The way around layers."""

import numpy as np
import pytest

from nnbench.engine.activations import ReLU, Tanh
from nnbench.engine.initializers import Glorot
from nnbench.engine.layers.activation import Activate
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.residual import Branches, residual
from nnbench.engine.network import Network
from tests.build_small import bound


def around(inputs, units, activation):
    return Network(residual([Dense(units, Glorot()), Activate(activation)], Branches(1)), (inputs,))


def passed(plan, values, x):
    """Outputs, and gradients of their sum by the parameters."""
    network, params = bound(plan, values, x.shape[1])
    y = network.forward(x.copy(), train=True).copy()
    network.backward(np.ones_like(y))
    return y, params.grads


def inputs(features):
    return np.random.default_rng(1).normal(size=(2, 5, features))


def test_layers_that_give_nothing_leave_the_identity():
    plan = around(3, 3, ReLU())

    y, _ = passed(plan, np.zeros((2, plan.size)), inputs(3))

    np.testing.assert_array_equal(y, inputs(3))


def test_input_is_added_where_shapes_fit():
    plan, plain = around(3, 3, Tanh()), Network([Dense(3, Glorot()), Activate(Tanh())], (3,))
    values = np.random.default_rng(2).normal(size=(2, plan.size))

    y, gradients = passed(plan, values, inputs(3))
    without, same = passed(plain, values, inputs(3))

    np.testing.assert_array_equal(y, without + inputs(3))
    np.testing.assert_array_equal(gradients, same)


def test_there_is_no_way_around_where_shapes_differ():
    plan, plain = around(3, 4, Tanh()), Network([Dense(4, Glorot()), Activate(Tanh())], (3,))
    values = np.random.default_rng(2).normal(size=(2, plan.size))

    for with_way, without in zip(
        passed(plan, values, inputs(3)), passed(plain, values, inputs(3)), strict=True
    ):
        np.testing.assert_array_equal(with_way, without)


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_gradient_goes_both_ways(slope):
    """Through one unit of weight `slope` and no activation to speak of: dx = slope + 1."""
    first = Dense(1, Glorot())
    plan = Network([first, *residual([Dense(1, Glorot())], Branches(1))], (1,))
    values = np.array([[1.0, 0.0, slope, 0.0]])
    x = np.array([[[2.0], [3.0]]])

    y, gradients = passed(plan, values, x)

    np.testing.assert_allclose(y, (1 + slope) * x)
    np.testing.assert_allclose(gradients, [[5 * (1 + slope), 2 * (1 + slope), 5, 2]])


def test_one_plan_serves_networks_of_several_shapes():
    """As training batches, the short last one and evaluation do."""
    plan = around(3, 3, Tanh())
    values = np.random.default_rng(2).normal(size=(2, plan.size))
    expected = [passed(plan, values, inputs(3)[:, :rows]) for rows in (5, 2)]
    networks = [bound(plan, values, rows) for rows in (5, 2)]

    for (network, params), rows, (y, gradients) in zip(networks, (5, 2), expected, strict=True):
        actual = network.forward(inputs(3)[:, :rows].copy(), train=True)
        np.testing.assert_array_equal(actual, y)
        network.backward(np.ones_like(actual))
        np.testing.assert_array_equal(params.grads, gradients)


def slopes(scale, depth):
    """A network of `depth` branches that double their input, and its parameters."""
    branches = Branches(scale)
    layers = [layer for _ in range(depth) for layer in residual([Dense(1, Glorot())], branches)]
    return Network(layers, (1,)), np.tile([2.0, 0.0], (1, depth))


@pytest.mark.parametrize("depth", [1, 4, 9, 25])
@pytest.mark.parametrize(
    ("scale", "of"), [(None, lambda depth: depth**-0.5), (0.25, lambda _: 0.25), (1, lambda _: 1)]
)
def test_what_is_added_is_scaled(depth, scale, of):
    """Outputs and, in the first weight, gradients: dy / dw = x · scale · (1 + 2 · scale)^(n-1)."""
    plan, values = slopes(scale, depth)
    x = np.array([[[2.0], [3.0]]])

    y, gradients = passed(plan, values, x)

    growth = 1 + 2 * of(depth)
    np.testing.assert_allclose(y, growth**depth * x)
    assert gradients[0, 0] == pytest.approx(5 * of(depth) * growth ** (depth - 1))


def test_layers_without_a_way_around_are_no_branches():
    branches = Branches()
    first = residual([Dense(3, Glorot())], branches)
    plan = Network([*first, *residual([Dense(3, Glorot())], branches)], (2,))
    assert [skip.open for skip in branches.skips] == [False, True]
    assert branches.scale == 1
    values = np.random.default_rng(2).normal(size=(2, plan.size))
    scaled = Branches(0.5)
    other = Network(residual([Dense(3, Glorot())], scaled), (2,))
    plain = Network([Dense(3, Glorot())], (2,))
    np.testing.assert_array_equal(
        passed(other, values[:, : plain.size], inputs(2))[0],
        passed(plain, values[:, : plain.size], inputs(2))[0],
    )
