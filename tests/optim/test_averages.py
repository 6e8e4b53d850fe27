"""Averages of parameters: their weights, and what these make of a course."""

import numpy as np
import pytest

from nnbench.optim.averages import EMA, SWA
from nnbench.training import train
from tests.build_small import run, stacked


def averaged(average, course, epoch_steps, epochs):
    """The average after every step of a course of numbers."""
    weights = average(np.arange(len(course)), epoch_steps, epochs)
    mean, means = np.nan, []
    for weight, now in zip(weights, course, strict=True):
        mean = now if weight == 1 else mean + weight * (now - mean)
        means.append(mean)
    return means


def test_moving_average_worked_by_hand():
    assert averaged(EMA(0.5), [8.0, 4.0, 0.0, 1.0], 2, 2) == [8, 6, 3, 2]


def test_memoryless_moving_average_equals_the_parameters():
    course = [3.0, 1.0, 4.0, 1.0]

    assert averaged(EMA(0.0), course, 2, 2) == course


@pytest.mark.parametrize(("start", "begun"), [(0.0, 0), (0.5, 5), (0.75, 7), (0.99, 9)])
def test_mean_covers_epoch_ends_since_its_start(start, begun):
    course = np.random.default_rng(1).normal(size=30)
    ends = course[2::3]

    means = averaged(SWA(start), course, 3, 10)

    for epoch, mean in enumerate(means[2::3]):
        expected = ends[begun : epoch + 1].mean() if epoch >= begun else ends[epoch]
        assert mean == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("average", [EMA(), SWA(0.3)])
def test_weights_are_the_same_from_wherever_one_asks(average):
    """As they are asked for, epoch by epoch."""
    whole = average(np.arange(40), 4, 10)
    parts = [average(np.arange(4 * epoch, 4 * epoch + 4), 4, 10) for epoch in range(10)]

    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert ((whole >= 0) & (whole <= 1)).all()


@pytest.mark.parametrize("value", [-0.1, 1.0, np.nan])
@pytest.mark.parametrize(("kind", "key"), [(EMA, "decay"), (SWA, "start")])
def test_shares_outside_zero_to_one_are_refused(kind, key, value):
    with pytest.raises(ValueError, match=key):
        kind(value)


@pytest.mark.parametrize("average", ["ema", "swa"])
def test_averaging_never_affects_training(average):
    """And what is measured is another network."""
    changes = {"average": {"decay": 0.9} if average == "ema" else {"start": 0.5}}
    config = run(epochs=6, norm="batch", lr=0.05)

    (plain,) = train(stacked([config]))
    (with_average,) = train(
        stacked([run(epochs=6, norm="batch", lr=0.05, average=average, changes=changes)])
    )

    norms = [result.history.curves["gradient_norm"] for result in (plain, with_average)]
    np.testing.assert_array_equal(*norms)
    losses = [result.history.curves["train_loss"] for result in (plain, with_average)]
    assert losses[0][0] == losses[1][0]
    assert losses[0][-1] != losses[1][-1]
