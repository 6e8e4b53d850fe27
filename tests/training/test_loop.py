"""The training loop."""

from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.engine.streams import stream
from nnbench.optim.sgd import SGD
from nnbench.training import train
from nnbench.training.passes import Passes
from nnbench.training.state import Training
from tests.build_small import built, options, repeats, run, stacked


@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_full_batches_are_textbook_gradient_descent(decay):
    """One tanh layer and squared errors, differentiated by hand."""
    config = run(
        dataset="diabetes", activation="tanh", optimizer="sgd", lr=0.1, weight_decay=decay,
        batch_size="full", width=4, epochs=12, seed=5, validation_size=0.5,
    )  # fmt: skip
    stack = stacked([config])
    data = build.dataset(config.dataset)
    rows = stack.batches.train[0]
    x, y = (v[rows] for v in (data.x, data.y))
    x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean(axis=0)) / y.std(axis=0)
    vector = np.empty(stack.network.size)
    stack.network.initialise(vector, stream(config.seed, "init"))
    w, b, v, c = (piece.copy() for piece in np.split(vector, [40, 44, 48]))
    w, v = w.reshape(10, 4), v.reshape(4, 1)

    losses, parameter_norms, gradient_norms = [], [], []
    for _ in range(config.epochs + 1):
        hidden = np.tanh(x @ w + b)
        error = hidden @ v + c - y
        losses.append((error**2).mean())
        parameter_norms.append(np.sqrt(sum((p**2).sum() for p in (w, b, v, c))))
        derror = 2 * error / len(x)
        dhidden = derror @ v.T * (1 - hidden**2)
        gradients = x.T @ dhidden, dhidden.sum(axis=0), hidden.T @ derror, derror.sum(axis=0)
        gradient_norms.append(np.sqrt(sum((d**2).sum() for d in gradients)))
        for parameters, gradient in zip((w, b, v, c), gradients, strict=True):
            parameters -= 0.1 * (gradient + decay * parameters)

    curves = nnbench.train(config).history.curves
    np.testing.assert_allclose(curves["train_loss"], losses, rtol=1e-10)
    np.testing.assert_allclose(curves["parameter_norm"], parameter_norms, rtol=1e-10)
    # An epoch's norm is that before its step; epoch 0 shows the network before training.
    np.testing.assert_allclose(curves["gradient_norm"][1:], gradient_norms[:-1], rtol=1e-10)
    np.testing.assert_allclose(curves["gradient_norm"][0], gradient_norms[0], rtol=1e-10)


@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_training_loss_falls(optimizer):
    config = run(dataset="moons", optimizer=optimizer, depth=2, width=16, epochs=10)

    for result in nnbench.train_stack(repeats(config, range(3))):
        loss = result.history.curves["train_loss"]
        assert result.status == "finished"
        assert loss[-1] < loss[0]


@pytest.mark.parametrize("dataset", ["iris", "digits", "moons", "breast_cancer", "friedman1"])
def test_network_learns_each_data_set(dataset):
    config = run(dataset=dataset, depth=1, width=32, epochs=30, lr=0.01, dtype="float32")

    final = nnbench.train(config).final

    assert final.get("test_accuracy", final.get("test_r2")) > 0.85


class Spy(SGD):
    """Gradient descent that notes what it is given."""

    def __init__(self):
        object.__setattr__(self, "rates", [])
        object.__setattr__(self, "times", [])

    def step(self, params, state, rate, t):
        self.rates.append(np.array(rate))
        self.times.append(t)
        super().step(params, state, rate, t)


@pytest.mark.parametrize("batch_size", [30, 32, "full"])
@pytest.mark.parametrize("warmup", [0.0, 0.25])
@pytest.mark.parametrize("schedule", options("schedule"))
def test_rate_of_every_step_is_scheduled(schedule, warmup, batch_size):
    """105 rows; an epoch of 30 ends with 15 rows, one of 32 with 9."""
    config = run(
        schedule=schedule, changes={"schedule": {"warmup": warmup}}, batch_size=batch_size, epochs=5
    )
    configs = [replace(config, lr=lr) for lr in (0.1, 0.02)]
    spy = Spy()

    train(replace(stacked(configs), optimizer=spy))

    total = 5 * (1 if batch_size == "full" else 4)
    assert spy.times == list(range(1, total + 1))
    multipliers = built("schedule", schedule, warmup=warmup)(np.arange(total), total)
    expected = multipliers[:, None] * [0.1, 0.02]
    np.testing.assert_allclose(np.stack(spy.rates)[..., 0], expected, rtol=1e-12)


def test_rates_follow_each_runs_own_validation_loss():
    changes = {"factor": 0.5, "patience": 1, "threshold": 0.05, "warmup": 0.1}
    config = run(schedule="plateau", changes={"schedule": changes}, epochs=20, batch_size=40)
    lrs = (1e-6, 0.1, 1.0)
    configs = [replace(config, lr=lr, seed=seed) for seed, lr in enumerate(lrs)]
    configs.append(replace(configs[0], schedule=run().schedule))
    spy = Spy()

    results = train(replace(stacked(configs), optimizer=spy))

    plateau = built("schedule", "plateau", **changes)
    rates = np.stack(spy.rates)[..., 0].reshape(20, 3, 4)
    warmup = plateau(np.arange(60), 60).reshape(20, 3)
    drops = []
    for row, lr in enumerate(lrs):
        losses = results[row].history.curves["validation_loss"][1:]
        drops.append([plateau.after_epochs(losses[:epoch], 20) for epoch in range(20)])
        expected = lr * warmup * np.array(drops[-1])[:, None]
        np.testing.assert_allclose(rates[..., row], expected, rtol=1e-12)
    np.testing.assert_array_equal(rates[..., 3], lrs[0])
    # Each its own, so that at least two have dropped.
    assert len({tuple(drop) for drop in drops}) == 3


@pytest.fixture
def rows_of(monkeypatch):
    """The rows of every training step of a run's configuration, step by step."""
    backpropagate = Passes.backpropagate

    def rows(config):
        steps = []

        def noting(passes, rows):
            steps.append(rows[0].copy())
            backpropagate(passes, rows)

        with monkeypatch.context() as patch:
            patch.setattr(Passes, "backpropagate", noting)
            train(stacked([config]))
        return steps

    return rows


def test_epoch_visits_every_training_row_once(rows_of):
    config = run(batch_size=32, epochs=3)
    training = np.sort(stacked([config]).batches.train[0])

    steps = rows_of(config)

    assert [len(step) for step in steps] == [32, 32, 32, 9] * 3
    epochs = [np.concatenate(steps[start : start + 4]) for start in (0, 4, 8)]
    for epoch in epochs:
        np.testing.assert_array_equal(np.sort(epoch), training)
    assert (epochs[0] != epochs[1]).any()
    assert (epochs[1] != epochs[2]).any()


@pytest.mark.parametrize("settings", [{"wrapper": "sam"}, {"norm": "batch", "dropout": 0.2}])
def test_training_begins_where_the_network_was_made(settings, monkeypatch):
    """Values before training come from the first step and cost no other."""
    stack = stacked([run(batch_size="full", epochs=1, **settings)])
    begun = []
    take = Training.take

    def noting(training, step):
        begun.append([training.params.values.copy(), training.params.statistics.copy()])
        take(training, step)

    monkeypatch.setattr(Training, "take", noting)
    train(stack)

    values, statistics = begun[0]
    vector = np.empty(stack.network.size)
    stack.network.initialise(vector, stream(0, "init"))
    np.testing.assert_array_equal(values[0], vector)
    np.testing.assert_array_equal(statistics[0], stack.network.statistics)
    assert len(begun) == 1


@pytest.mark.parametrize(
    "setting", [{"depth": 3}, {"optimizer": "sgd"}, {"activation": "elu"}, {"lr": 0.5}], ids=str
)
def test_order_is_the_same_whatever_is_trained(rows_of, setting):
    usual, other = rows_of(run()), rows_of(run(**setting))

    np.testing.assert_array_equal(np.concatenate(usual), np.concatenate(other))


def test_order_depends_on_the_seed(rows_of):
    """Beyond the split, which gives every seed other rows to begin with."""
    orders = []
    for config in repeats(run(), (0, 1)):
        places = np.argsort(stacked([config]).batches.train[0])
        rows = np.concatenate(rows_of(config))[: places.size]
        orders.append(places[np.argsort(np.argsort(rows))])

    assert (np.sort(orders[0]) == np.sort(orders[1])).all()
    assert (orders[0] != orders[1]).any()


@pytest.mark.parametrize("dataset", ["iris", "linnerud"])
def test_test_part_changes_nothing_but_its_own_figures(dataset):
    config = run(dataset=dataset, epochs=6, patience=2)
    stack, spoilt = stacked([config]), stacked([config])
    batches = spoilt.batches
    batches.x.copies[batches.test] *= -100
    targets = batches.classes if batches.y is None else batches.y.copies
    targets[batches.test] = np.roll(targets[batches.test], 1, axis=-1)

    (result,), (other,) = train(stack), train(spoilt)

    assert result.history.curves.keys() == other.history.curves.keys()
    for name, curve in result.history.curves.items():
        np.testing.assert_array_equal(curve, other.history.curves[name])
    np.testing.assert_equal(result.history.layer_statistics, other.history.layer_statistics)
    changed = {name for name, value in result.final.items() if value != other.final[name]}
    assert {"test_loss", "test_loss_last"} <= changed
    assert all(name.startswith("test_") for name in changed)


def test_final_metrics_are_those_of_the_best_epoch():
    """Training again, only so far, ends with the same metrics of all training and test rows."""
    # So fast that it gets worse again.
    config = run(dataset="moons", lr=0.3, epochs=12, batch_size=16)
    result = nnbench.train(config)
    best = int(result.final["best_epoch"])
    assert 1 < best < 12

    short = nnbench.train(replace(config, epochs=best))

    for name in ("loss", "accuracy"):
        assert result.final[f"test_{name}"] == short.final[f"test_{name}_last"]
        assert result.final[f"best_train_{name}"] == short.final[f"train_{name}_last"]
    for name in ("test_loss", "train_loss"):
        assert result.final[f"{name}_last"] not in (short.final[f"{name}_last"], np.nan)
    for name in ("validation_loss", "validation_accuracy"):
        assert result.final[f"best_{name}"] == short.history.curves[name][best]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("dataset", ["diabetes", "iris"])
def test_diverged_run_is_marked(dataset, optimizer, dtype):
    healthy = run(dataset=dataset, loss="mse", optimizer=optimizer, epochs=5, lr=1e-3, dtype=dtype)
    diverging = replace(healthy, lr=1e6)

    good, bad = nnbench.train_stack([healthy, diverging])

    assert (good.status, good.reason) == ("finished", "")
    assert len(good.history.epochs) == 6
    assert bad.status == "diverged"
    assert "epoch 1" in bad.reason
    assert list(bad.history.epochs) == [0]
    for curve in bad.history.curves.values():
        assert np.isfinite(curve).all()
        assert len(curve) == 1
    assert set(bad.final) == {"n_params", "n_flops", "steps", "diverged_step"}
    assert bad.final["steps"] == 0


def test_history_goes_up_to_where_a_run_diverged():
    """A rate that is only just too large takes some epochs."""
    config = run(
        dataset="diabetes", depth=0, optimizer="sgd", batch_size="full", lr=0.28, epochs=60
    )  # fmt: skip

    result = nnbench.train(config)

    assert result.status == "diverged"
    last = len(result.history.epochs) - 1
    assert 2 < last < 59
    assert f"epoch {last + 1}" in result.reason
    assert result.final["steps"] == last
    loss = result.history.curves["train_loss"]
    assert loss[-1] > loss[0]
    assert np.isfinite(loss).all()


@pytest.mark.parametrize("depth", [0, 3])
def test_run_ends_with_what_it_consists_of(depth):
    result = nnbench.train(run(depth=depth, width=8, epochs=2, batch_size=32))

    assert result.final["n_params"] == (15 if depth == 0 else 40 + 2 * 72 + 27)
    assert result.final["steps"] == 2 * 4
    assert list(result.history.epochs) == [0, 1, 2]
    assert len(result.history.layers) == depth + 1
    assert list(result.history.moments) == [0, 1, 2]
    norms = result.history.layer_statistics["gradient_norm"]
    assert norms.shape == (3, depth + 1)
    total = result.history.curves["gradient_norm"]
    np.testing.assert_allclose(np.linalg.norm(norms, axis=1), total, rtol=1e-12)
