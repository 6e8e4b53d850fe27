"""L-BFGS beyond the trajectory of its reference."""

import numpy as np
import pytest
from scipy.optimize import minimize

from nnbench.engine.arrays import ParamStack
from nnbench.optim.lbfgs import LBFGS
from tests.build_small import built

CENTRE = np.arange(1.0, 13.0)
STRETCH = np.logspace(0, 1.5, 12)


def valley(x):
    """A convex function without a formula for its minimum, and its gradient."""
    far = STRETCH * (x - CENTRE)
    height = np.sum(np.sqrt(1 + far**2) + x**2 / 8)
    return height, STRETCH * far / np.sqrt(1 + far**2) + x / 4


def descend(function, starts, steps, dtype="float64", **options):
    """Minima of a stack of runs, the last requested points, and the state."""
    optimizer = built("optimizer", "lbfgs", **options)
    params = ParamStack(len(starts), 12, dtype)
    params.values[:] = starts
    state = optimizer.init(params)
    for t in range(1, steps + 1):
        for run, values in enumerate(params.values):
            params.losses[run], params.grads[run] = function(values)
        optimizer.step(params, state, 1.0, t)
    return optimizer.evaluated(params, state), params.values, state


@pytest.mark.parametrize(("dtype", "apart"), [("float32", 1e-6), ("float64", 1e-9)])
def test_it_finds_the_minimum_and_stays_there(dtype, apart):
    starts = [np.zeros(12), 20 - CENTRE]
    lowest = minimize(valley, CENTRE, jac=True, tol=1e-12).fun

    minima, asked, _ = descend(valley, starts, 150, dtype)
    again, *_ = descend(valley, starts, 151, dtype)

    np.testing.assert_allclose([valley(x)[0] for x in minima], lowest, rtol=apart)
    np.testing.assert_array_equal(asked, minima)
    np.testing.assert_array_equal(again, minima)


def test_what_is_found_never_rises():
    heights = [valley(descend(valley, [np.zeros(12)], n)[0][0])[0] for n in range(40)]

    assert (np.diff(heights) <= 0).all()
    assert len(set(heights)) > 10


def test_steps_that_tell_nothing_of_curvature_are_forgotten():
    """As where everything is so small that their products with the change are rounding."""
    exact = {"least_gradient": 0.0, "least_change": 0.0}

    def remembered(scale, steps):
        minima, _, state = descend(
            lambda x: tuple(scale * v for v in valley(x)), [np.zeros(12)], steps, **exact
        )
        assert minima.any()
        return state.counts[0, 1]

    assert remembered(1e-14, 20) == 0
    assert remembered(1.0, 20) > 3


@pytest.mark.parametrize("nothing", [np.nan, np.inf])
def test_run_without_figures_stays_where_it_began(nothing):
    start = np.ones(12)

    minima, asked, _ = descend(lambda x: (nothing, x), [start], 5)

    np.testing.assert_array_equal(minima, [start])
    np.testing.assert_array_equal(asked, [start])


def test_run_turns_back_from_undefined_losses():
    """Losses are not finite wherever a component is above 30."""
    lowest = minimize(valley, CENTRE, jac=True, tol=1e-12).fun

    optimizer = built("optimizer", "lbfgs")
    params = ParamStack(1, 12, "float64")
    state = optimizer.init(params)
    outside = 0
    for t in range(1, 201):
        params.losses[0], params.grads[0] = valley(params.values[0])
        if params.values.max() >= 30:
            params.losses[:], params.grads[:] = np.nan, np.nan
            outside += 1
        # The first step tried is far longer than the way to the wall.
        optimizer.step(params, state, 1e4 if t == 1 else 1.0, t)

    assert outside > 0
    minima = optimizer.evaluated(params, state)[0]
    np.testing.assert_allclose(valley(minima)[0], lowest, rtol=1e-9)


@pytest.mark.parametrize("history", [0, 1.5, -1, np.nan])
def test_memory_is_a_whole_number(history):
    with pytest.raises(ValueError, match="history"):
        LBFGS(history=history)
