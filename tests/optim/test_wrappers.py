"""Optimizers around another."""

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack
from nnbench.optim.optimizer import keep_runs
from nnbench.optim.schedule_free import ScheduleFreeSGD
from nnbench.optim.sgd import SGD, Momentum
from nnbench.optim.wrappers import SAM, Lookahead
from nnbench.training import train
from tests.build_small import built, component, options, run, stacked


def course(optimizer, gradients, size=1, runs=1):
    """Parameters and what is evaluated after every step from 0, at a rate of 1."""
    params = ParamStack(runs, size, "float64")
    state = optimizer.init(params)
    steps = []
    for t, gradient in enumerate(gradients, start=1):
        params.grads[:] = gradient
        optimizer.step(params, state, 1.0, t)
        steps.append((params.values.copy(), optimizer.evaluated(params, state).copy()))
    return np.array(steps)


def test_slow_parameters_worked_by_hand():
    """Two steps of 1, of which half are kept."""
    steps = course(Lookahead(SGD(), 2.0, 0.5), [-1, -1, -1, -1, -1])

    np.testing.assert_array_equal(steps[:, 0].ravel(), [1, 1, 2, 2, 3])
    np.testing.assert_array_equal(steps[:, 1].ravel(), [0, 1, 1, 2, 2])


def test_lookahead_that_takes_every_step_whole_is_optimizer():
    gradients = np.random.default_rng(3).normal(size=(9, 1, 4))

    alone, wrapped = (
        course(optimizer, gradients, 4)
        for optimizer in (Momentum(0.5), Lookahead(Momentum(0.5), 1, 1.0))
    )

    np.testing.assert_allclose(wrapped, alone, rtol=1e-14)


def test_slow_parameters_move_at_each_runs_time():
    gradients = np.random.default_rng(3).normal(size=(13, 1, 4))
    periods, shares = np.array([[2.0], [5.0], [1.0]]), np.array([[0.5], [0.8], [1.0]])

    together = course(Lookahead(SGD(), periods, shares), gradients, 4, runs=3)

    for run_, (period, share) in enumerate(zip(periods[:, 0], shares[:, 0], strict=True)):
        alone = course(Lookahead(SGD(), period, share), gradients, 4)
        np.testing.assert_array_equal(together[:, :, run_], alone[:, :, 0])


def climbing(optimizer, gradient, values, statistics=0):
    params = ParamStack(len(values), len(values[0]), "float64", statistics=statistics)
    params.values[:] = values
    params.grads[:] = gradient
    state = optimizer.init(params)
    optimizer.climb(params, state)
    return params, state


def test_way_uphill_worked_by_hand():
    """A gradient of length 5, and one of nothing; the step is that of the gradient uphill."""
    optimizer = SAM(SGD(), 0.5)
    params, state = climbing(optimizer, [[3, -4], [0, 0]], [[1, 1], [2, 2]])
    np.testing.assert_allclose(params.values, [[1.3, 0.6], [2, 2]], rtol=1e-15)

    optimizer.descend(params, state)
    np.testing.assert_array_equal(params.values, [[1, 1], [2, 2]])
    params.grads[:] = 1
    optimizer.step(params, state, 0.5, 1)
    np.testing.assert_array_equal(params.values, [[0.5, 0.5], [1.5, 1.5]])


def test_what_is_measured_uphill_is_forgotten():
    optimizer = SAM(SGD(), 0.5)
    params, state = climbing(optimizer, [[3, -4]], [[1, 1]], statistics=3)
    params.statistics[:] = 7

    optimizer.descend(params, state)

    assert not params.statistics.any()


def test_runs_go_as_far_uphill_as_they_like():
    rho = np.array([[0.5], [5.0]])
    params, _ = climbing(SAM(SGD(), rho), [[3, -4], [3, -4]], [[0, 0], [0, 0]])

    np.testing.assert_allclose(params.values, [[0.3, -0.4], [3, -4]], rtol=1e-15)


def test_inner_optimizer_decides_what_a_minimum_is():
    optimizer = SAM(ScheduleFreeSGD(beta1=0.5), 0.05)
    plain = course(ScheduleFreeSGD(beta1=0.5), [1.0, 2.0, 1.0])

    np.testing.assert_array_equal(course(optimizer, [1.0, 2.0, 1.0]), plain)
    assert plain[-1, 0] != plain[-1, 1]


@pytest.mark.parametrize("name", options("wrapper"))
def test_wrapper_survives_for_a_subset_of_runs(name):
    own = {key: np.full((3, 1), value) for key, value in component("wrapper", name).options.items()}
    inner = Momentum(np.array([[0.1], [0.2], [0.3]]))

    kept = keep_runs(built("wrapper", name, inner=inner, **own), np.array([2, 0]))

    np.testing.assert_array_equal(kept.inner.momentum, [[0.3], [0.1]])
    assert all(getattr(kept, key).shape == (2, 1) for key in own)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        (Lookahead, "period", 0),
        (Lookahead, "period", 1.5),
        (Lookahead, "period", np.nan),
        (Lookahead, "share", 0.0),
        (Lookahead, "share", 1.1),
        (Lookahead, "share", np.nan),
        (SAM, "rho", 0.0),
        (SAM, "rho", np.inf),
    ],
)
def test_invalid_options_of_wrappers_are_refused(kind, key, value):
    with pytest.raises(ValueError, match=key):
        kind(SGD(), **{key: value})


@pytest.mark.parametrize("wrapper", options("wrapper"))
def test_metrics_before_training_are_of_the_first_network(wrapper):
    settings = {"norm": "batch", "epochs": 1, "dataset": "digits"}
    plain, wrapped = (
        train(stacked([run(**settings, wrapper=name)]))[0].history for name in ("none", wrapper)
    )

    assert plain.curves["train_loss"][0] == wrapped.curves["train_loss"][0]
    assert plain.curves["train_loss"][1] != wrapped.curves["train_loss"][1]
