"""Divergence diagnosis: the step, the layer, alone and in stacks."""

from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.engine.layers.layer import Plan
from nnbench.engine.network import Network
from nnbench.training import train
from nnbench.training.checkpoint import Checkpoint
from nnbench.training.passes import Passes
from tests.build_small import repeats, run, stacked
from tests.training.test_checkpoint import KEYS, cut_off


class Trap:
    """y = x, until in its `step`-th pass of training one number of one run is none.

    What counts the passes belongs to the network's statistics.
    """

    def __init__(self, step, place="output"):
        self.step, self.place = step, place

    def plan(self, in_shape):
        return Plan(in_shape, statistics=(0.0,))

    def bind(self, in_shape, views, work):
        self.count = views.statistic(1)

    def forward(self, x, *, train):
        self.count += train
        if self.place == "output":
            x[self.count[:, 0] == self.step, -1, -1] = np.nan
        return x

    def backward(self, dy, *, need_dx):
        if self.place == "gradient":
            dy[self.count[:, 0] == self.step, -1, -1] = np.inf
        return dy


def trapped(configs, position, *arguments):
    """A stack with a trap before the layer at a position."""
    stack = stacked(configs)
    layers = list(stack.network.layers)
    layers.insert(position, Trap(*arguments))
    return replace(stack, network=Network(layers, stack.batches.in_shape))


@pytest.mark.parametrize("step", [1, 4, 5, 8, 47])
@pytest.mark.parametrize(
    ("position", "place", "layer"),
    [
        (1, "output", "1_dense"),
        (2, "output", "1_dense"),
        (4, "output", "2_dense"),
        (5, "output", "3_dense"),
        (2, "gradient", "1_dense"),
        (4, "gradient", "2_dense"),
        (5, "gradient", "3_dense"),
    ],
)
def test_step_and_layer_are_those_where_it_happens(step, position, place, layer):
    """iris has 4 steps an epoch, the last of 9 rows; 47 is in the second part of a snapshot."""
    configs = repeats(run(depth=2, epochs=14, dropout=0.0), range(2))

    for result in train(trapped(configs, position, step, place)):
        epoch = -(-step // 4)
        assert (result.status, result.trouble, result.layer) == ("diverged", "exploded", layer)
        assert result.final["diverged_step"] == step
        assert result.reason.startswith(f"exploded at step {step} in {layer}: ")
        assert result.reason.endswith(f"was not a finite number at epoch {epoch}")
        assert len(result.history.epochs) == epoch


COMPANY = {
    "plain": {},
    "dropout": {"dropout": 0.3},
    "batch norm": {"norm": "batch", "dropout": 0.2},
    "average": {"average": "ema"},
    "uphill": {"wrapper": "sam"},
    "slow": {"wrapper": "lookahead"},
}


def company(settings):
    """Two healthy runs, one that leaves early, and some that diverge sooner or later."""
    config = run(dataset="digits", optimizer="momentum", depth=2, epochs=13, **settings)
    rates = (0.01, 1e30, 0.02, 40.0, 1e-9, 3.0, 1e6)
    configs = [replace(config, lr=lr, seed=seed) for seed, lr in enumerate(rates)]
    configs[4] = replace(configs[4], patience=2)
    return configs


@pytest.mark.parametrize("name", COMPANY)
def test_what_is_found_is_the_same_alone(name):
    configs = company(COMPANY[name])

    results = nnbench.train_stack(configs)

    assert {result.status for result in results} == {"finished", "diverged"}
    for config, result in zip(configs, results, strict=True):
        alone = nnbench.train(config)
        assert (result.reason, result.layer) == (alone.reason, alone.layer)
        assert result.final == alone.final
        assert ("diverged_step" in result.final) == (result.status == "diverged")


def first_trouble(config, monkeypatch):
    """The step in which a run alone first has a gradient that isn't finite, watched all along."""
    troubles = []
    backpropagate = Passes.backpropagate

    def watching(passes, rows):
        backpropagate(passes, rows)
        gradients = [
            getattr(layer, name)
            for layer in passes.network.layers
            for name in ("dweights", "dbias")
            if hasattr(layer, name)
        ]
        troubles.append(all(np.isfinite(gradient).all() for gradient in gradients))

    with monkeypatch.context() as patch:
        patch.setattr(Passes, "backpropagate", watching)
        patch.setattr("nnbench.training.loop.examine", lambda *_: (0, 0))
        nnbench.train(config)
    return troubles.index(False) + 1


@pytest.mark.parametrize("lr", [40.0, 1e3, 1e6])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_step_equals_that_of_watching_all_steps(lr, dropout, monkeypatch):
    config = run(
        dataset="diabetes", optimizer="sgd", depth=2, epochs=4, lr=lr, dropout=dropout,
        dtype="float32",
    )  # fmt: skip

    result = nnbench.train(config)

    assert result.status == "diverged"
    assert result.final["diverged_step"] == first_trouble(config, monkeypatch)


@pytest.mark.parametrize("epoch", [1, 9, 11])
def test_what_is_found_is_the_same_after_restart(epoch, tmp_path, monkeypatch):
    """Step 47 is in epoch 12; a snapshot is taken before epochs 1 and 11, and after a restart."""
    configs = repeats(run(depth=2, epochs=13, dropout=0.2, norm="batch"), range(3))
    whole = train(trapped(configs, 2, 47))
    file = tmp_path / "x.npz"
    monkeypatch.setattr("tests.training.test_checkpoint.stacked", lambda c: trapped(c, 2, 47))
    cut_off(configs, file, epoch, monkeypatch)

    resumed = train(trapped(configs, 2, 47), Checkpoint(file, KEYS, 1e9))

    assert [result.reason for result in resumed] == [result.reason for result in whole]
    assert {result.final["diverged_step"] for result in resumed} == {47}


def test_what_was_found_before_a_restart_is_kept(tmp_path, monkeypatch):
    configs = [run(epochs=6, optimizer="sgd", lr=lr) for lr in (0.1, 1e300, 0.2)]
    whole = train(stacked(configs))
    file = tmp_path / "x.npz"
    cut_off(configs, file, 4, monkeypatch)

    resumed = train(stacked(configs), Checkpoint(file, KEYS, 1e9))

    assert (resumed[1].reason, resumed[1].layer) == (whole[1].reason, whole[1].layer)
    assert resumed[1].final == whole[1].final
    assert resumed[1].layer


def test_too_large_loss_has_a_step_without_layer():
    config = run(
        dataset="diabetes", depth=0, optimizer="sgd", batch_size="full", lr=0.28, epochs=60
    )  # fmt: skip

    result = nnbench.train(config)

    epoch = len(result.history.epochs)
    assert result.layer == ""
    assert result.reason == (
        f"exploded at step {epoch}: train_loss was over 1000 times its first value at epoch {epoch}"
    )


@pytest.mark.parametrize(
    ("settings", "layer"),
    [
        ({"init": "zeros", "activation": "relu", "depth": 3}, "1_dense"),
        ({"depth": 30, "activation": "sigmoid", "optimizer": "adam"}, "1_dense"),
        ({"lr": 1e-12}, ""),
    ],
    ids=str,
)
def test_run_that_learns_nothing_has_stalled(settings, layer):
    config = run(dataset="digits", epochs=3, dtype="float32", **settings)
    healthy = replace(config, seed=1, lr=0.01) if "lr" in settings else replace(config, seed=1)

    result, other = nnbench.train_stack([config, healthy])

    assert (result.status, result.trouble, result.layer) == ("finished", "stalled", layer)
    assert result.reason.startswith(f"stalled in {layer}, whose gradient" if layer else "stalled: ")
    assert "test_accuracy" in result.final
    assert other.reason == nnbench.train(healthy).reason
    assert (other.reason == "") == ("lr" in settings)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_run_that_learns_has_not(activation):
    result = nnbench.train(run(dataset="digits", activation=activation, depth=2, epochs=6))

    assert (result.status, result.reason, result.trouble, result.layer) == ("finished", "", "", "")
