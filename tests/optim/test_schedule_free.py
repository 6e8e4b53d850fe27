"""Schedule-free descent: what is evaluated, and how its average is weighted."""

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack
from nnbench.optim.schedule_free import ScheduleFreeAdamW, ScheduleFreeSGD


def descend(optimizer, gradients, rates):
    """Parameters and what is evaluated after each step, from 0, for given gradients."""
    params = ParamStack(1, 1, "float64")
    state = optimizer.init(params)
    course = []
    for t, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        params.grads[:] = gradient
        optimizer.step(params, state, rate, t)
        course.append((params.values[0, 0], optimizer.evaluated(params, state)[0, 0]))
    return np.array(course)


def test_average_and_parameters_worked_by_hand():
    """The base goes to -1, -3, -4; its mean to -1, -2, -8/3; parameters are halfway."""
    course = descend(ScheduleFreeSGD(beta1=0.5), [1, 2, 1], [1.0, 1.0, 1.0])

    np.testing.assert_allclose(course, [[-1, -1], [-2.5, -2], [-10 / 3, -8 / 3]], rtol=1e-14)


@pytest.mark.parametrize(("power", "expected"), [(0.0, -1.5), (1.0, -5 / 3), (2.0, -1.8)])
def test_steps_count_by_the_largest_rate_so_far(power, expected):
    """Rates 1 and 2 for steps of 1 each: the base is at -1, then -2."""
    course = descend(ScheduleFreeSGD(0.9, power), [1, 0.5], [1.0, 2.0])

    assert course[-1, 1] == pytest.approx(expected, rel=1e-14)
    fallen = descend(ScheduleFreeSGD(0.9, power), [1, 0.5, 0], [1.0, 2.0, 0.1])
    third = 2**power / (1 + 2 * 2**power)
    assert fallen[-1, 1] == pytest.approx((1 - third) * expected - 2 * third, rel=1e-14)


@pytest.mark.parametrize("optimizer", [ScheduleFreeSGD(), ScheduleFreeAdamW()])
def test_a_rate_of_nothing_moves_nothing(optimizer):
    assert not descend(optimizer, [1, 1], [0.0, 0.0]).any()


def test_first_parameters_are_evaluated_before_the_first_step():
    params = ParamStack(2, 3, "float64")
    params.values[:] = np.random.default_rng(0).normal(size=(2, 3))
    optimizer = ScheduleFreeSGD()

    actual = optimizer.evaluated(params, optimizer.init(params))

    np.testing.assert_allclose(actual, params.values, rtol=1e-14)
