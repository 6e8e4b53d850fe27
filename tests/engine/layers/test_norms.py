"""Normalisation: what comes out, and what is remembered for evaluation."""

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.layers.batch_norm import BatchNorm
from nnbench.engine.layers.layer_norm import LayerNorm
from tests.build_small import built, options

RUNS, BATCH, FEATURES = 2, 6, 3


def bound(layer, batch=BATCH, params=None):
    """The layer, with the scale and shift that it begins with."""
    plan = layer.plan((FEATURES,))
    if params is None:
        params = ParamStack(RUNS, plan.size, "float64", statistics=len(plan.statistics))
        params.statistics[:] = plan.statistics
        for vector in params.values:
            plan.initialise(np.random.default_rng(0), vector)
    layer.bind((FEATURES,), Views(params), Workspace(RUNS, batch, "float64"))
    return layer, params


def inputs(batch=BATCH):
    return np.random.default_rng(4).normal(3, 2, (RUNS, batch, FEATURES))


@pytest.mark.parametrize(("name", "axis"), [("batch", 1), ("layer", 2)])
def test_normalised_inputs_have_mean_0_and_deviation_1(name, axis):
    layer, _ = bound(built("norm", name))

    y = layer.forward(inputs(), train=True)

    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-14)
    np.testing.assert_allclose(y.std(axis=axis), 1, rtol=1e-4)


@pytest.mark.parametrize("name", options("norm"))
def test_scale_and_shift_are_those_of_the_run(name):
    layer, params = bound(built("norm", name))
    plain = layer.forward(inputs(), train=True).copy()
    params.values[:] = [[2, 3, 4, 5, 6, 7], [1, 1, 1, 0, 0, 0]]

    y = layer.forward(inputs(), train=True)

    np.testing.assert_allclose(y[0], plain[0] * [2, 3, 4] + [5, 6, 7], rtol=1e-14)
    np.testing.assert_array_equal(y[1], plain[1])


@pytest.mark.parametrize("name", options("norm"))
def test_norm_ignores_the_scale_of_its_inputs(name):
    layer, _ = bound(built("norm", name, epsilon=1e-12))
    plain = layer.forward(inputs(), train=True).copy()

    np.testing.assert_allclose(layer.forward(1000 * inputs(), train=True), plain, rtol=1e-9)


def test_layer_norm_examples_are_independent():
    layer, _ = bound(LayerNorm())
    whole = layer.forward(inputs(), train=True).copy()
    np.testing.assert_array_equal(layer.forward(inputs(), train=False), whole)

    changed = inputs()
    changed[:, 1:] *= 5
    np.testing.assert_array_equal(layer.forward(changed, train=True)[:, 0], whole[:, 0])


def test_running_means_worked_by_hand():
    """Batches 1, 3 and 5, 9: means 2 and 7, unbiased variances 2 and 8."""
    layer, params = bound(BatchNorm(momentum=0.5), batch=2)
    for low, high in ((1.0, 3.0), (5.0, 9.0)):
        x = np.empty((RUNS, 2, FEATURES))
        x[:, 0], x[:, 1] = low, high
        layer.forward(x, train=True)

    np.testing.assert_allclose(params.statistics[:, :FEATURES], 4.0, rtol=1e-14)
    np.testing.assert_allclose(params.statistics[:, FEATURES:], 4.75, rtol=1e-14)
    y = layer.forward(x, train=False)
    expected = (np.array([5.0, 9.0]) - 4) / np.sqrt(4.75 + 1e-5)
    np.testing.assert_allclose(y[0, :, 0], expected, rtol=1e-14)


def test_evaluation_measures_nothing():
    layer, params = bound(BatchNorm())
    layer.forward(inputs(), train=True)
    before = params.statistics.copy()

    whole = layer.forward(inputs(), train=False).copy()

    np.testing.assert_array_equal(params.statistics, before)
    few, _ = bound(BatchNorm(), batch=2, params=params)
    np.testing.assert_allclose(few.forward(inputs()[:, :2], train=False), whole[:, :2], rtol=1e-14)


def test_batch_of_one_is_treated_as_after_training():
    layer, params = bound(BatchNorm(), batch=1)
    before = params.statistics.copy()

    y = layer.forward(inputs(1), train=True).copy()

    np.testing.assert_array_equal(params.statistics, before)
    np.testing.assert_array_equal(layer.forward(inputs(1), train=False), y)
    dx = layer.backward(np.ones_like(y), need_dx=True)
    np.testing.assert_allclose(dx, 1, rtol=1e-5)


@pytest.mark.parametrize("momentum", [0.0, -0.1, 1.1, np.nan])
def test_batch_norm_refuses_a_momentum(momentum):
    with pytest.raises(ValueError, match="momentum"):
        BatchNorm(momentum)


@pytest.mark.parametrize("name", options("norm"))
@pytest.mark.parametrize("epsilon", [0.0, -1.0, np.inf, np.nan])
def test_norm_refuses_an_epsilon(name, epsilon):
    with pytest.raises(ValueError, match="epsilon"):
        built("norm", name, epsilon=epsilon)
