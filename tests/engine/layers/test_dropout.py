"""Dropout, of which only the expectation is given."""

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.layers.dropout import Dropout

ROWS, FEATURES = 400, 50


def bound(rate, seeds=(0, 1), dtype="float64"):
    layer = Dropout(rate)
    chance = [np.random.default_rng(seed) for seed in seeds]
    views = Views(ParamStack(len(seeds), 0, dtype))
    layer.bind((FEATURES,), views, Workspace(len(seeds), ROWS, dtype, chance))
    return layer


def ones(runs=2, dtype="float64"):
    return np.ones((runs, ROWS, FEATURES), dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_expectation_is_what_came_in(rate, dtype):
    y = bound(rate, dtype=dtype).forward(ones(dtype=dtype), train=True)

    assert y.dtype == dtype
    np.testing.assert_allclose(np.unique(y), [0, 1 / (1 - rate)], rtol=1e-6)
    # Five standard deviations of the mean of so many tosses.
    spread = 5 * np.sqrt(rate / (1 - rate) / (ROWS * FEATURES))
    np.testing.assert_allclose(y.mean(axis=(1, 2)), 1, atol=spread)


def test_gradient_passes_where_the_numbers_passed():
    layer = bound(0.3)
    y = layer.forward(ones(), train=True).copy()

    np.testing.assert_array_equal(layer.backward(ones(), need_dx=True), y)


def test_evaluation_leaves_nothing_out_and_tosses_nothing():
    layer = bound(0.3)
    states = [stream.bit_generator.state for stream in layer.chance]
    x = np.random.default_rng(5).normal(size=ones().shape)

    np.testing.assert_array_equal(layer.forward(x, train=False), x)
    assert [stream.bit_generator.state for stream in layer.chance] == states


def test_every_pass_tosses_anew():
    layer = bound(0.5)
    first = layer.forward(ones(), train=True).copy()

    assert (layer.forward(ones(), train=True) != first).any(axis=(1, 2)).all()


def test_every_run_has_its_own_stream():
    together = bound(0.5, (3, 4)).forward(ones(), train=True).copy()

    for run, seed in enumerate((3, 4)):
        alone = bound(0.5, (seed,)).forward(ones(1), train=True)
        np.testing.assert_array_equal(alone[0], together[run])
    assert (together[0] != together[1]).any()


@pytest.mark.parametrize("rate", [-0.1, 1.0, np.nan])
def test_rate_outside_zero_to_one_is_refused(rate):
    with pytest.raises(ValueError, match="rate"):
        Dropout(rate)
