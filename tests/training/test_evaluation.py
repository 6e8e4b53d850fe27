"""Evaluation of parameters with their own statistics."""

from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.training import evaluation
from nnbench.training.evaluation import Evaluation, subset_of
from nnbench.training.loop import Loop, train
from nnbench.training.state import Training
from tests.build_small import repeats, run, stacked
from tests.training.test_stacks import assert_same

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
def test_statistics_are_those_of_parameters_that_are_evaluated(settings):
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
    """Dropout included, whose masks are drawn anew at every evaluation."""
    config = run(norm="batch", dropout=0.3, dtype="float32", **ELSEWHERE[2])

    together = train(stacked(repeats(config, range(3))))
    alone = [train(stacked([first]))[0] for first in repeats(config, range(3))]

    for first, other in zip(together, alone, strict=True):
        for name, curve in first.history.curves.items():
            np.testing.assert_array_equal(curve, other.history.curves[name])


def metrics_of(stack, place, values, rows):
    """Loss and accuracy of one run's rows, from its parameters by hand (one ReLU layer)."""
    layers = [np.float64(v) for v in np.split(values, np.cumsum([64 * 40, 40, 40 * 10]))]
    w, b, v, c = layers[0].reshape(64, 40), layers[1], layers[2].reshape(40, 10), layers[3]
    x = stack.batches.x.select(np.array([place])).exact(rows[None])[0].reshape(len(rows), 64)
    outputs = np.maximum(x @ w + b, 0) @ v + c
    labels = stack.batches.classes[rows].argmax(axis=1)
    right = outputs[np.arange(len(rows)), labels]
    return {
        "loss": (np.log(np.exp(outputs).sum(axis=1)) - right).mean(),
        "accuracy": (outputs.argmax(axis=1) == labels).mean(),
    }


@pytest.mark.parametrize("memory", [1, 20_000, 2_000_000, 10**9])
def test_curves_use_a_subset_and_metrics_all_rows(memory, monkeypatch):
    """Whatever number of runs and rows is evaluated at a time."""
    monkeypatch.setattr(evaluation, "BUFFER_BYTES", memory)
    config = run(dataset="digits", width=40, epochs=2)
    training = Training(stacked(repeats(config, range(5))))
    loop = Loop(training)
    snapshots = [training.measured.snapshot()]
    snapshots += [training.measured.snapshot() for _ in loop.epochs()]
    results, batches = loop.results(), training.batches

    for place, result in enumerate(results):
        subset = training.subset[place]
        assert set(subset) < set(batches.train[place])
        assert len(set(subset)) == len(batches.validation[place]) == 180
        best = int(result.final["best_epoch"])
        for epoch, values in enumerate(snapshots):
            for name, rows in (("train", subset), ("validation", batches.validation[place])):
                for metric, value in metrics_of(training.stack, place, values[place], rows).items():
                    curve = result.history.curves[f"{name}_{metric}"]
                    assert curve[epoch] == pytest.approx(value, rel=1e-10)
        for name, rows in (("train", batches.train[place]), ("test", batches.test[place])):
            start = "best_" if name == "train" else ""
            for epoch, key in ((best, f"{start}{name}_{{}}"), (2, f"{name}_{{}}_last")):
                expected = metrics_of(training.stack, place, snapshots[epoch][place], rows)
                for metric, value in expected.items():
                    assert result.final[key.format(metric)] == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize("share", [0.3, 3.5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "digits", "width": 40},
        {"dataset": "digits", "width": 40, "loss": "focal", "depth": 3},
        {"dataset": "diabetes", "width": 70, "activation": "gelu"},
        {"dataset": "digits", "model": "cnn", "width": 5},
        {"dataset": "digits", "model": "rnn", "width": 9},
    ],
    ids=str,
)
def test_run_in_groups_gets_what_it_gets_alone(settings, dtype, share, monkeypatch):
    """Seven runs, some of which stop early or diverge; memory for a share of a run's rows."""
    config = run(**{"epochs": 3, "batch_size": 100, "dtype": dtype, "lr": 0.01, **settings})
    configs = [replace(c, patience=c.seed % 3 or None) for c in repeats(config, range(6))]
    configs.append(replace(config, lr=1e300))
    stack = stacked(configs)
    count = 2 * stack.batches.validation.shape[1]
    row_bytes = evaluation.numbers_of_a_row(stack.network) * np.dtype(dtype).itemsize
    monkeypatch.setattr(evaluation, "BUFFER_BYTES", int(share * count * row_bytes))

    buffers = Training(stack).evaluation
    # In groups of three, the last begins before the second has ended.
    assert buffers.x.shape[:2] == ((3, count) if share > 1 else (1, count / 4))
    together = train(stack)
    alone = [train(stacked([config]))[0] for config in configs]

    assert [result.status for result in together] == ["finished"] * 6 + ["diverged"]
    for result, other in zip(together, alone, strict=True):
        assert_same(result, other)


def test_subset_is_never_larger_than_the_validation_set():
    config = run(dataset="iris", validation_size=0.5, epochs=2)

    result = nnbench.train(config)

    training = Training(stacked([config]))
    np.testing.assert_array_equal(training.subset, training.batches.train)
    assert training.subset.shape[1] < training.batches.validation.shape[1]
    for name in ("loss", "accuracy"):
        curve = result.history.curves[f"train_{name}"]
        assert result.final[f"train_{name}_last"] == pytest.approx(curve[-1], rel=1e-12)
        assert result.final[f"best_train_{name}"] == pytest.approx(
            curve[int(result.final["best_epoch"])], rel=1e-12
        )


def test_subset_has_a_stream_of_its_own():
    """Subsets differ by seed, and no other stream has moved for them."""
    subsets = [subset_of(np.arange(500), 20, seed) for seed in (0, 0, 1)]

    np.testing.assert_array_equal(subsets[0], subsets[1])
    assert (subsets[0] != subsets[2]).any()
    expected = np.random.default_rng(np.random.SeedSequence(0, spawn_key=(7,))).permutation(500)
    np.testing.assert_array_equal(subsets[0], expected[:20])


def test_early_stop_and_later_epochs_are_remeasured():
    """Metrics at the best epoch and the last are the same only if these are one epoch."""
    config = run(dataset="moons", lr=0.3, epochs=12, batch_size=16)
    results = nnbench.train_stack([replace(config, patience=p) for p in (None, 1)])

    for result in results:
        final = result.final
        is_last = final["best_epoch"] == len(result.history.epochs) - 1
        assert (final["best_train_loss"] == final["train_loss_last"]) == is_last
        assert (final["test_loss"] == final["test_loss_last"]) == is_last
    assert len(results[1].history.epochs) < 13


def test_diverged_runs_are_not_measured_at_the_end(monkeypatch):
    healthy = run(dataset="iris", loss="mse", epochs=2)
    metrics, counts = Evaluation.metrics, []

    def counted(self, values, look=None):
        counts.append((self.count, self.runs))
        return metrics(self, values, look)

    monkeypatch.setattr(Evaluation, "metrics", counted)
    good, bad = nnbench.train_stack([healthy, replace(healthy, lr=1e30)])

    assert (good.status, bad.status) == ("finished", "diverged")
    assert not {name for name in bad.final if "train" in name or "test" in name}
    assert {runs for count, runs in counts if count == 135} == {1}
