"""Activation functions against PyTorch's, and at their edges."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench.engine.activations import ELU, LeakyReLU
from nnbench.engine.arrays import ParamStack, Views, Workspace
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.prelu import PReLU
from nnbench.engine.network import Network
from nnbench.options import components
from nnbench.verification.references import read
from tests.build_small import built, component, options
from tests.references.read import cases


def applied(function, x):
    """Value and derivative of a row of numbers, as the layer works them out."""
    network = Network([activate(function)], x.shape)
    params = ParamStack(1, network.size, x.dtype)
    network.initialise(params.values[0], np.random.default_rng(0))
    (layer,) = network.bind(params, Workspace(1, 1, x.dtype)).layers
    y = layer.forward(x[None, None].copy(), train=True).copy()
    slope = layer.backward(np.ones_like(y), need_dx=True)
    return y[0, 0], slope[0, 0]


@pytest.mark.parametrize("case", cases("activations"))
def test_activation_agrees_with_torch(case):
    arrays, options_of = read("activations")
    chosen = component("activation", options_of[case]["option"])
    function = components.make("activation", replace(chosen, options=options_of[case]["options"]))

    y, slope = applied(function, arrays["x"])

    expected_y, expected_slope = arrays[case]
    np.testing.assert_allclose(y, expected_y, rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(slope, expected_slope, rtol=1e-10, atol=1e-15)


EXTREMES = [case for case in cases("extremes") if case.startswith("f ")]


@pytest.mark.parametrize("case", EXTREMES)
def test_activation_is_finite_where_torch_is(case):
    """Inputs in float32: ±∞, and sizes from 1e-38 to 3e38."""
    arrays, cases = read("extremes")
    chosen = component("activation", cases[case]["option"])
    function = components.make("activation", replace(chosen, options=cases[case]["options"]))

    with np.errstate(all="ignore"):
        actual = np.stack(applied(function, arrays["x"].astype("float32")))

    finite = np.isfinite(arrays[case])
    # Beyond 2²³ neighbours are a whole turn of the sine and more apart.
    finite &= (np.abs(arrays["x"]) < 1e6) if case == "f sine" else True
    assert finite.sum() > finite.size / 2 or case == "f sine"
    # PyTorch's derivatives may have lost the digits of what is next to 0.
    for row, smallest in enumerate((1e-37, 1e-11)):
        of_row = finite[row]
        np.testing.assert_allclose(
            actual[row, of_row], arrays[case][row, of_row], rtol=1e-5, atol=smallest
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", options("activation"))
def test_activation_of_huge_inputs_is_finite(name, dtype):
    x = np.array([-1e4, -100, -1, 0, 1, 100, 1e4], dtype)

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y, slope = applied(built("activation", name), x)

    assert y.dtype == slope.dtype == dtype
    assert np.isfinite(y).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", options("activation"))
def test_activation_is_the_same_whatever_lies_beside_it(name):
    """Vectorised loops have a tail; the value of an element must not depend on its place."""
    x = np.random.default_rng(0).normal(0, 2, 37).astype("float32")
    function = built("activation", name)

    together = applied(function, x)
    alone = [applied(function, x[i : i + 1]) for i in range(x.size)]

    np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


def test_learned_slope_moves_with_what_is_negative():
    """Worked by hand: the slope's gradient is the sum of dy · x over all x ≤ 0."""
    layer = PReLU(0.25)
    params = ParamStack(1, layer.plan((2,)).size, "float64")
    params.values[:] = 0.5
    layer.bind((2,), Views(params), Workspace(1, 2, "float64"))

    y = layer.forward(np.array([[[2.0, -2], [-6, 0]]]), train=True)
    np.testing.assert_array_equal(y, [[[2, -1], [-3, 0]]])
    dx = layer.backward(np.array([[[1.0, 10], [100, 1000]]]), need_dx=True)

    np.testing.assert_array_equal(dx, [[[1, 5], [50, 500]]])
    np.testing.assert_array_equal(params.grads, [[-620]])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (LeakyReLU, {"slope": 0.0}),
        (LeakyReLU, {"slope": 1.0}),
        (PReLU, {"slope": np.nan}),
        (PReLU, {"slope": np.inf}),
        (ELU, {"alpha": 0.0}),
    ],
)
def test_invalid_options_of_activations_are_refused(kind, options):
    with pytest.raises(ValueError, match=f"{next(iter(options))}=.*: must be"):
        kind(**options)
