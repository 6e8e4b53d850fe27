"""Losses against PyTorch's, and at their edges."""

import numpy as np
import pytest

from nnbench.engine.arrays import Workspace
from nnbench.verification.references import read
from tests.build_small import built, options
from tests.references.read import cases


def applied(name, outputs, targets, **options):
    """Value (runs,) and gradient."""
    loss = built("loss", name, **options).bind(Workspace(*outputs.shape[:2], outputs.dtype))
    gradient = loss.gradient(outputs, targets, np.full_like(outputs, np.nan))
    return loss.value(outputs, targets), gradient


@pytest.mark.parametrize("case", cases("losses"))
def test_loss_agrees_with_torch(case):
    arrays, options_of = read("losses")
    runs = len(arrays["outputs"])

    name, options = options_of[case]["option"], options_of[case]["options"]
    value, gradient = applied(name, arrays["outputs"], arrays["targets"], **options)

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


def test_cross_entropy_of_even_outputs_is_log_classes():
    value, gradient = applied("cross_entropy", np.zeros((1, 2, 4)), np.eye(4)[[[0, 1]]])

    np.testing.assert_allclose(value, np.log(4))
    np.testing.assert_allclose(gradient[0, 0], [-0.375, 0.125, 0.125, 0.125])


def test_smoothed_cross_entropy_is_that_of_smoothed_targets():
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(0, 1, (2, 5, 4)), np.eye(4)[rng.integers(4, size=(2, 5))]

    value, gradient = applied("cross_entropy", outputs, targets, label_smoothing=0.2)
    value2, gradient2 = applied("cross_entropy", outputs, 0.8 * targets + 0.05)

    np.testing.assert_allclose(value, value2, rtol=1e-12)
    np.testing.assert_allclose(gradient, gradient2, rtol=1e-12)


def test_focal_with_gamma_0_is_the_cross_entropy():
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(0, 3, (2, 5, 4)), np.eye(4)[rng.integers(4, size=(2, 5))]

    for first, other in zip(
        applied("focal", outputs, targets, gamma=0.0),
        applied("cross_entropy", outputs, targets),
        strict=True,
    ):
        np.testing.assert_allclose(first, other, rtol=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0])
def test_focal_of_certain_examples_is_finite(gamma):
    outputs, targets = np.array([[[50.0, -50], [-50, 50]]]), np.array([[[1.0, 0], [1, 0]]])

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, gradient = applied("focal", outputs, targets, gamma=gamma)

    np.testing.assert_allclose(value, [50])
    np.testing.assert_allclose(gradient, [[[0, 0], [-0.5, 0.5]]], atol=1e-15)


def test_hinge_worked_by_hand():
    """The first class is right: the second comes too close by 0.5 and the third is better by 1."""
    value, gradient = applied("hinge", np.array([[[1.0, 0.5, 2, -3]]]), np.eye(4)[[[0]]])

    np.testing.assert_array_equal(value, [(0.5 + 2) / 4])
    np.testing.assert_allclose(gradient, [[[-0.5, 0.25, 0.25, 0]]], rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_poisson_rises_on_beyond_what_exponential_can_be(dtype):
    limit = np.log(np.finfo(dtype).max) / 2
    outputs, targets = (limit + np.array([[[-1.0]], [[0]], [[1]], [[2]]])).astype(dtype), 1.0

    value, gradient = applied("poisson_nll", outputs, np.full_like(outputs, targets))

    steps = np.diff(value) / np.exp(limit)
    np.testing.assert_allclose(steps, [1 - np.exp(-1), 1, 1], rtol=1e-4)
    np.testing.assert_allclose(gradient.ravel() / np.exp(limit), [np.exp(-1), 1, 1, 1], rtol=1e-4)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("huber", {"delta": 0.0}),
        ("huber", {"delta": np.inf}),
        ("cross_entropy", {"label_smoothing": -0.1}),
        ("cross_entropy", {"label_smoothing": 1.0}),
        ("focal", {"gamma": -1.0}),
        ("focal", {"gamma": np.nan}),
    ],
)
def test_invalid_options_of_losses_are_refused(name, options):
    with pytest.raises(ValueError, match=f"{next(iter(options))}=.*: must be"):
        built("loss", name, **options)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_focal_still_pulls_where_example_is_almost_certain(gamma):
    """Almost certain: 1 − p has hardly a digit left in single precision."""
    single, double = (
        gradient_of(np.array([[[15.0, 0.0, -1.0]]], dtype), gamma)
        for dtype in ("float32", "float64")
    )

    np.testing.assert_allclose(single, double, rtol=0.6)


def gradient_of(outputs, gamma):
    loss = built("loss", "focal", gamma=gamma).bind(Workspace(1, 1, outputs.dtype))
    targets = np.array([[[1, 0, 0]]], outputs.dtype)
    return loss.gradient(outputs, targets, np.empty_like(outputs))
