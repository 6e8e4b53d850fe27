"""Evaluation of parameters with their own statistics."""

import numpy as np
import pytest

from nnbench.training.loop import Loop, train
from nnbench.training.state import Training
from tests.build_small import repeats, run, stacked

BATCH = 16
ELSEWHERE = [
    {"optimizer": "schedule_free_sgd", "lr": 0.5},
    {"optimizer": "schedule_free_adamw"},
    {"optimizer": "sgd", "wrapper": "lookahead", "lr": 0.5},
    {"optimizer": "schedule_free_adamw", "wrapper": "sam"},
    {"optimizer": "schedule_free_adamw", "average": "ema"},
]
"""Settings of which other parameters are evaluated than trained."""


def trained(**settings):
    """A training of two runs after three epochs."""
    config = run(norm="batch", activation="tanh", batch_size=BATCH, **settings)
    training = Training(stacked(repeats(config, range(2))))
    list(Loop(training).epochs())
    return training


def statistics_of(training, place):
    """Mean and variance of what the first layer puts out, of one run."""
    inputs, units = 4, 8
    weights, bias = np.split(
        training.measured.values[place][: (inputs + 1) * units], [inputs * units]
    )
    rows = training.batches.train[place]
    x = np.empty((1, rows.size, inputs))
    targets = np.empty((1, rows.size, 3))
    training.stack.batches.select(np.array([place])).gather(rows[None], x, targets)
    y = x[0] @ weights.reshape(inputs, units) + bias
    batches = [y[number :: rows.size // BATCH][:BATCH] for number in range(rows.size // BATCH)]
    means = np.mean([batch.mean(axis=0) for batch in batches], axis=0)
    return np.concatenate(
        [means, np.mean([batch.var(axis=0, ddof=1) for batch in batches], axis=0)]
    )


@pytest.mark.parametrize("settings", ELSEWHERE, ids=str)
def test_statistics_are_those_of_the_parameters_that_are_evaluated(settings):
    training = trained(**settings)

    for place in range(2):
        expected = statistics_of(training, place)
        np.testing.assert_allclose(training.measured.statistics[place], expected, rtol=1e-10)
        assert np.abs(training.params.statistics[place] / expected - 1).max() > 1e-3


@pytest.mark.parametrize("settings", [*ELSEWHERE, {"dropout": 0.3, **ELSEWHERE[2]}], ids=str)
def test_training_is_the_same_without(settings, monkeypatch):
    ends = [trained(**settings)]
    monkeypatch.setattr(Training, "remeasure", lambda training: None)
    ends.append(trained(**settings))

    for name in ("values", "statistics"):
        np.testing.assert_array_equal(*(getattr(end.params, name) for end in ends))
    assert (ends[0].measured.statistics != ends[1].measured.statistics).any()


@pytest.mark.parametrize(
    "settings", [{"optimizer": "sgd"}, {"optimizer": "sgd", "wrapper": "sam"}], ids=str
)
def test_parameters_that_are_trained_keep_the_running_ones(settings, monkeypatch):
    monkeypatch.setattr(Training, "remeasure", lambda training: pytest.fail("measured anew"))

    training = trained(**settings)

    values = training.optimizer.evaluated(training.params, training.state)
    assert values is training.params.values
    np.testing.assert_array_equal(training.measured.statistics, training.params.statistics)


def test_a_run_is_measured_as_it_is_alone():
    """With dropout, whose coins are tossed anew at every evaluation."""
    config = run(norm="batch", dropout=0.3, dtype="float32", **ELSEWHERE[2])

    together = train(stacked(repeats(config, range(3))))
    alone = [train(stacked([first]))[0] for first in repeats(config, range(3))]

    for first, other in zip(together, alone, strict=True):
        for name, curve in first.history.curves.items():
            np.testing.assert_array_equal(curve, other.history.curves[name])
