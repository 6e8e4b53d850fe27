"""Figures of merit against scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, r2_score, root_mean_squared_error

from nnbench.engine.arrays import row_norms
from nnbench.run.metrics import OBJECTIVE
from nnbench.training.metrics import ClassTargets, NumberTargets

ONE = np.ones((3, 1))


def regression_figures(outputs=2, rows=40, dtype="float64"):
    rng = np.random.default_rng(0)
    targets = rng.normal(3, 2, (3, rows, outputs)).astype(dtype)
    noise = rng.normal(0, 1, targets.shape) * np.array([0.1, 1, 9])[:, None, None]
    return (targets + noise).astype(dtype), targets


def metrics(task, y, targets, std):
    """Metrics of either kind; the class of a row is its largest target."""
    if task == "classification":
        return ClassTargets(targets.argmax(axis=2)).metrics(y)
    return NumberTargets(targets, std).metrics(y)


@pytest.mark.parametrize("outputs", [1, 3])
def test_regression_figures_agree_with_sklearn(outputs):
    y, targets = regression_figures(outputs)
    std = np.random.default_rng(1).uniform(0.5, 20, (3, outputs))

    metrics = NumberTargets(targets, std).metrics(y)

    assert set(metrics) == {"r2", "rmse"}
    for run in range(3):
        assert metrics["r2"][run] == pytest.approx(r2_score(targets[run], y[run]), rel=1e-12)
        # In the units that the targets had before they were divided by their deviation.
        rmse = root_mean_squared_error(targets[run] * std[run], y[run] * std[run])
        assert metrics["rmse"][run] == pytest.approx(rmse, rel=1e-12)


@pytest.mark.parametrize("right", [True, False])
def test_r2_of_constant_targets_agrees_with_sklearn(right):
    targets = np.full((3, 5, 1), 0.25)
    y = targets if right else targets + np.arange(5.0)[:, None]

    r2 = NumberTargets(targets, ONE).metrics(y)["r2"]

    np.testing.assert_allclose(r2, r2_score(targets[0], y[0]))


def test_r2_of_a_single_row_is_finite():
    """A validation set may be as small as that, and no run has diverged for that."""
    r2 = NumberTargets(np.zeros((3, 1, 1)), ONE).metrics(np.ones((3, 1, 1)))["r2"]

    assert np.isfinite(r2).all()


@pytest.mark.parametrize("classes", [2, 5])
def test_accuracy_agrees_with_sklearn(classes):
    rng = np.random.default_rng(0)
    outputs, labels = rng.normal(0, 1, (3, 50, classes)), rng.integers(classes, size=(3, 50))

    metrics = ClassTargets(labels).metrics(outputs)

    expected = [accuracy_score(labels[run], outputs[run].argmax(axis=1)) for run in range(3)]
    np.testing.assert_allclose(metrics["accuracy"], expected)


def test_accuracy_of_nan_outputs_is_zero():
    outputs = np.array([[[np.nan, 1.0]], [[0.0, 1.0]], [[-np.inf, 1.0]], [[0.0, np.inf]]])

    accuracy = ClassTargets(np.ones((4, 1), int)).metrics(outputs)["accuracy"]

    np.testing.assert_array_equal(accuracy, [0, 1, 0, 0])


def test_of_equal_outputs_the_first_is_the_answer():
    accuracy = ClassTargets(np.array([[0, 1, 2, 0]])).metrics(np.zeros((1, 4, 3)))["accuracy"]

    np.testing.assert_array_equal(accuracy, [0.5])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("task", OBJECTIVE)
@pytest.mark.parametrize("outputs", [1, 2, 7])
def test_metrics_of_a_run_are_the_same_alone(task, outputs, dtype):
    # More values than NumPy's buffer holds, so that a sum is broken up.
    y, targets = regression_figures(outputs, rows=8999, dtype=dtype)
    std = np.full((3, outputs), 1.5)

    together = metrics(task, y, targets, std)

    assert OBJECTIVE[task] in together
    for name, values in together.items():
        alone = [metrics(task, y[[i]], targets[[i]], std[[i]])[name][0] for i in range(3)]
        np.testing.assert_array_equal(alone, values)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1, 7, 8191, 20001])
def test_norm_of_a_run_is_the_same_alone(size, dtype):
    whole = np.random.default_rng(0).normal(0, 1, (3, size + 5)).astype(dtype)
    rows = whole[:, 2 : size + 2]

    norms = row_norms(rows)

    np.testing.assert_allclose(norms, np.linalg.norm(rows, axis=1), rtol=1e-4)
    np.testing.assert_array_equal(norms, [row_norms(rows[[i]].copy())[0] for i in range(3)])
