"""Layer statistics, against an independent computation."""

from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.engine.layers.activation import activate
from nnbench.engine.streams import stream
from nnbench.training import train
from nnbench.training.layer_statistics import ROWS, STATISTICS, moments_of
from tests.build_small import built, options, repeats, run, stacked


@pytest.mark.parametrize("epochs", [1, 2, 3, 10, 50, 1000])
def test_moments_lie_closer_at_the_beginning(epochs):
    moments = moments_of(epochs)

    assert (moments[0], moments[-1]) == (0, epochs)
    assert len(moments) <= 10
    assert (np.diff(moments) > 0).all()
    if epochs >= 50:
        assert len(moments) >= 9
        assert (np.diff(np.diff(moments)) >= 0).all()


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_first_step_by_hand(activation):
    """One hidden layer, squared errors and all rows at once; the first rows are looked at."""
    config = run(
        dataset="diabetes", activation=activation, optimizer="sgd", lr=0.1, batch_size="full",
        width=6, epochs=2, clip_norm=1e-3, weight_decay=0.1,
    )  # fmt: skip
    batches = stacked([config]).batches
    data = build.dataset(config.dataset)
    batch = batches.train[0]
    x, y = (v[batch] for v in (data.x, data.y))
    x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean(axis=0)) / y.std(axis=0)
    vector = np.empty(stacked([config]).network.size)
    stacked([config]).network.initialise(vector, stream(config.seed, "init"))
    w, b, v, c = np.split(vector, [60, 66, 72])
    w, v = w.reshape(10, 6), v.reshape(6, 1)
    before = x @ w + b
    hidden = np.tanh(before) if activation == "tanh" else np.maximum(before, 0)
    slope = 1 - hidden**2 if activation == "tanh" else (before > 0).astype(float)
    outputs = hidden @ v + c
    derror = 2 * (outputs - y) / len(x)
    dhidden = derror @ v.T * slope
    gradients = [
        np.concatenate([(x.T @ dhidden).ravel(), dhidden.sum(axis=0)]),
        np.concatenate([(hidden.T @ derror).ravel(), derror.sum(axis=0)]),
    ]
    blocks = [vector[:66], vector[66:]]
    # Clipping and penalty belong to the update, not to the gradient of the loss.
    scale = 1e-3 / np.linalg.norm(np.concatenate(gradients))
    updates = [0.1 * (scale * g + 0.1 * p) for g, p in zip(gradients, blocks, strict=True)]
    rows = stream(config.seed, "order").permutation(batch)[:ROWS]
    seen = np.isin(batch, rows)
    expected = {
        "gradient_norm": [np.linalg.norm(g) for g in gradients],
        "update_ratio": [
            np.linalg.norm(u) / np.linalg.norm(p) for u, p in zip(updates, blocks, strict=True)
        ],
        "activation_mean": [hidden[seen].mean(), outputs[seen].mean()],
        "activation_std": [hidden[seen].std(), outputs[seen].std()],
        "dead_share": [(slope[seen] < 1e-3).all(axis=0).mean(), np.nan],
        "saturated_share": [(slope[seen] < 1e-3).mean(), np.nan],
    }

    layer_statistics = nnbench.train(config).history.layer_statistics

    assert set(layer_statistics) == set(STATISTICS) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(layer_statistics[name][0], values, rtol=1e-9, err_msg=name)
        # With all rows at once, the first step is the last of epoch 1.
        np.testing.assert_array_equal(layer_statistics[name][0], layer_statistics[name][1])
    if activation == "relu":
        assert 0 < expected["saturated_share"][0] < 1


@pytest.mark.parametrize("activation", options("activation"))
def test_statistics_ignore_neighbours_that_leave(activation):
    config = run(dataset="digits", activation=activation, depth=2, epochs=9, dtype="float32")
    configs = [
        replace(config, lr=1e-3),
        replace(config, lr=1e-9, seed=1, patience=1),
        replace(config, lr=1e9, seed=2, optimizer=run(optimizer="adam").optimizer),
        replace(config, lr=1e-2, seed=3),
    ]

    for single, result in zip(configs, nnbench.train_stack(configs), strict=True):
        alone = nnbench.train(single).history
        np.testing.assert_array_equal(result.history.moments, alone.moments)
        np.testing.assert_equal(result.history.layer_statistics, alone.layer_statistics)
        assert result.history.moments[-1] <= result.history.epochs[-1]
        seen = {name: values[0] for name, values in alone.layer_statistics.items()}
        assert np.isfinite(seen["activation_std"]).all()
        assert np.isnan(seen["dead_share"][-1])


def test_units_that_no_example_wakes_are_dead():
    stack = stacked([run(activation="relu", epochs=1, width=4)])

    def initialise(rng, block):
        block[:] = 0
        block[-4:] = -1, 1, -1, -1

    stack.network.plans[0] = replace(stack.network.plans[0], initialise=initialise)

    (result,) = train(stack)

    assert result.history.layer_statistics["dead_share"][0, 0] == 0.75
    assert result.history.layer_statistics["saturated_share"][0, 0] == 0.75


@pytest.mark.parametrize(
    "settings",
    [
        {"norm": "batch", "dropout": 0.2},
        {"norm": "layer", "residual": True},
        {"wrapper": "sam"},
        {"wrapper": "lookahead", "average": "ema"},
    ],
    ids=str,
)
def test_looking_changes_nothing(settings, monkeypatch):
    configs = repeats(run(epochs=4, depth=2, **settings), range(2))
    looked = train(stacked(configs))

    monkeypatch.setattr("nnbench.training.recorder.Recorder.is_moment", lambda *_: False)

    for config, other in zip(looked, train(stacked(configs)), strict=True):
        assert config.final == other.final
        np.testing.assert_equal(config.history.curves, other.history.curves)
        assert np.isnan(other.history.layer_statistics["update_ratio"]).all()
        assert (config.history.layer_statistics["update_ratio"] > 0).all()


def test_statistics_of_a_layer_depend_on_its_activation():
    """A normalised layer has two blocks; the activation belongs to the second."""
    history = nnbench.train(run(norm="batch", epochs=1)).history

    assert history.layers == ("1_dense", "2_batchnorm", "3_dense")
    np.testing.assert_array_equal(
        np.isnan(history.layer_statistics["dead_share"][0]), [True, False, True]
    )
    assert (history.layer_statistics["activation_std"] > 0).all()


@pytest.mark.parametrize("name", options("activation"))
def test_steepest_slope_is_known(name):
    steepest = activate(built("activation", name)).steepest

    assert steepest == pytest.approx(
        {"sigmoid": 0.25, "hard_sigmoid": 1 / 6, "selu": 1.758, "gelu": 1.129, "gelu_tanh": 1.129,
         "silu": 1.0998, "mish": 1.0886}.get(name, 1.0), rel=1e-3
    )  # fmt: skip


def test_of_step_in_two_passes_first_is_seen():
    """SAM's uphill pass belongs to other parameters."""
    plain, sharp = (
        nnbench.train(run(epochs=1, wrapper=wrapper, depth=2)) for wrapper in ("none", "sam")
    )

    for name, values in plain.history.layer_statistics.items():
        if name != "update_ratio":
            np.testing.assert_array_equal(values[0], sharp.history.layer_statistics[name][0])
    first = "gradient_norm"
    assert plain.history.curves[first][0] == sharp.history.curves[first][0]
