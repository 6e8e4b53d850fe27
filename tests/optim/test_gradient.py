"""Clipping and penalties: by hand, against optax, and a run's own numbers in a stack."""

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack
from nnbench.optim.gradient import GradientTransform
from nnbench.verification.gradients import central_differences
from nnbench.verification.references import ALLOWED, deviation, read
from nnbench.verification.trainings import parameters_by_epoch
from tests.references.read import cases


def transformed(gradients, values=None, **settings):
    """Gradients (runs, size) after the transform, at values of 1 if there are no others."""
    gradients = np.array(gradients, dtype=float)
    params = ParamStack(*gradients.shape, "float64")
    params.values[:] = 1.0 if values is None else values
    params.grads[:] = gradients
    GradientTransform(**settings).apply(params, np.empty_like(gradients))
    return params.grads


def test_nothing_is_done_unless_it_is_asked_for():
    np.testing.assert_array_equal(transformed([[3.0, -4.0]]), [[3.0, -4.0]])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"clip_norm": 10.0}, [3.0, -4.0]),
        ({"clip_norm": 2.5}, [1.5, -2.0]),
        ({"clip_value": 3.5}, [3.0, -3.5]),
        ({"clip_norm": 2.5, "clip_value": 1.75}, [1.5, -1.75]),
        ({"l2": 0.5}, [4.0, -5.0]),
        ({"l1": 0.5}, [3.5, -4.5]),
        ({"clip_norm": 2.5, "clip_value": 1.75, "l2": 0.5, "l1": 0.25}, [2.75, -3.0]),
    ],
    ids=str,
)
def test_gradient_worked_by_hand(settings, expected):
    """A gradient of length 5, at parameters 2 and -2."""
    np.testing.assert_allclose(
        transformed([[3.0, -4.0]], [[2.0, -2.0]], **settings), [expected], rtol=1e-15
    )


def test_gradient_of_nothing_has_no_length_to_clip():
    np.testing.assert_array_equal(transformed([[0.0, 0.0]], clip_norm=1.0), [[0.0, 0.0]])


def test_every_run_has_its_own_numbers_and_troubles():
    gradients = [[3.0, -4.0], [3.0, -4.0], [np.nan, 1.0], [np.inf, 1.0]]
    own = np.array([[1.0], [2.5], [1.0], [1.0]])
    with np.errstate(invalid="ignore"):
        clipped = transformed(gradients, clip_norm=own, l2=own)

    np.testing.assert_allclose(clipped[:2], [[1.6, 0.2], [4.0, 0.5]], rtol=1e-15)
    assert np.isnan(clipped[2:, 0]).all()


@pytest.mark.parametrize("settings", [{"l1": 0.3}, {"l2": 0.2}, {"l1": 0.3, "l2": 0.2}], ids=str)
def test_penalty_has_the_gradient_that_is_added(settings):
    values = np.random.default_rng(1).normal(size=(3, 4))
    params = ParamStack(3, 4, "float64")
    params.values[:] = values

    differences = central_differences(
        lambda: GradientTransform(**settings).penalty(params), params.values
    )

    added = transformed(np.zeros((3, 4)), values, **settings)
    np.testing.assert_allclose(added, differences, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in cases("trainings") if "gradient" in name])
def test_training_takes_the_course_of_its_reference(name):
    arrays, references = read("trainings")

    actual = parameters_by_epoch(references[name]["words"], {}, arrays, arrays[name][0])

    assert deviation(actual, arrays[name]) < ALLOWED
    plain = [word for word in references[name]["words"] if word.startswith(("optimizer", "lr"))]
    assert (
        deviation(parameters_by_epoch(plain, {}, arrays, arrays[name][0]), arrays[name]) > ALLOWED
    )
