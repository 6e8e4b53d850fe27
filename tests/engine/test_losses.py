"""Losses against PyTorch's, and at their edges."""

import numpy as np
import pytest

from nnbench.engine.arrays import Workspace
from nnbench.verification.references import read
from tests.build_small import made, options
from tests.references.read import cases


def applied(name, outputs, targets):
    """Value (runs,) and gradient."""
    loss = made("loss", name).bind(Workspace(*outputs.shape[:2], outputs.dtype))
    gradient = loss.gradient(outputs, targets, np.full_like(outputs, np.nan))
    return loss.value(outputs, targets), gradient


@pytest.mark.parametrize("case", cases("losses"))
def test_loss_agrees_with_torch(case):
    arrays, known = read("losses")
    runs = len(arrays["outputs"])

    value, gradient = applied(known[case]["option"], arrays["outputs"], arrays["targets"])

    expected = arrays[case]
    np.testing.assert_allclose(value, expected[:, -1], rtol=1e-10)
    np.testing.assert_allclose(gradient.reshape(runs, -1), expected[:, :-1], rtol=1e-10, atol=1e-16)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", options("loss"))
def test_loss_of_huge_outputs_is_finite(name, dtype):
    outputs = np.array([[[-1e4, 1e4], [1e4, -1e4], [0, 0]]], dtype)
    targets = np.array([[[1, 0], [1, 0], [0, 1]]], dtype)

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, gradient = applied(name, outputs, targets)

    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()
    assert gradient.dtype == dtype


@pytest.mark.parametrize("name", options("loss"))
def test_loss_is_a_mean_over_the_batch(name):
    """Twice the same rows give the same loss, and each of them half the gradient."""
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(0, 1, (2, 6, 3)), np.eye(3)[rng.integers(3, size=(2, 6))]

    value, gradient = applied(name, outputs, targets)
    value2, gradient2 = applied(name, np.tile(outputs, (1, 2, 1)), np.tile(targets, (1, 2, 1)))

    np.testing.assert_allclose(value2, value, rtol=1e-12)
    np.testing.assert_allclose(gradient2[:, :6], gradient / 2, rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", options("loss"))
def test_loss_of_a_run_is_the_same_alone(name, dtype):
    # More values than NumPy's buffer holds, so that a sum is broken up.
    rng = np.random.default_rng(0)
    outputs = rng.normal(0, 1, (3, 1501, 7)).astype(dtype)
    targets = np.eye(7, dtype=dtype)[rng.integers(7, size=(3, 1501))]

    values, gradients = applied(name, outputs, targets)

    for run in range(3):
        value, gradient = applied(name, outputs[[run]], targets[[run]])
        np.testing.assert_array_equal(value[0], values[run])
        np.testing.assert_array_equal(gradient[0], gradients[run])


def test_cross_entropy_of_even_outputs_is_the_logarithm_of_the_classes():
    value, gradient = applied("cross_entropy", np.zeros((1, 2, 4)), np.eye(4)[[[0, 1]]])

    np.testing.assert_allclose(value, np.log(4))
    np.testing.assert_allclose(gradient[0, 0], [-0.375, 0.125, 0.125, 0.125])
