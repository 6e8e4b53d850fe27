from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.assembly import build, checks
from nnbench.assembly.stackable import stack_key
from nnbench.data.dataset import Dataset, fault, regression
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.reshape import Reshape
from nnbench.engine.streams import stream
from nnbench.options import catalogue
from nnbench.run.errors import ConfigError
from nnbench.sweep.plan import run_key


def test_runs_that_differ_in_numbers_train_together():
    first = nnbench.compose(["weight_decay=0.1"])
    optimizer = replace(first.optimizer, options={**first.optimizer.options, "beta1": 0.5})
    other = replace(first, seed=5, lr=0.5, weight_decay=0.2, patience=3, optimizer=optimizer)
    assert stack_key(first) == stack_key(other)
    checks.check_stack([first, other])


def test_runs_of_any_schedule_train_together():
    words = ["schedule=multistep"], ["schedule=multistep", "schedule.milestones=[0.2, 0.9]"]
    configs = [nnbench.compose(["epochs=2", *more]) for more in ([], *words)]

    checks.check_stack(configs)
    assert len({run_key(config, "") for config in configs}) == 3
    assert configs[1].schedule == catalogue.option("schedule", "multistep")
    assert configs[2].flat()["schedule.milestones"] == "[0.2, 0.9]"
    for config, result in zip(configs, nnbench.train_stack(configs), strict=True):
        assert result.final == nnbench.train(config).final


@pytest.mark.parametrize(
    "word",
    ["depth=2", "width=8", "activation=tanh", "optimizer=sgd", "epochs=2", "batch_size=8",
     "dtype=float64", "dataset=iris", "test_size=0.3", "weight_decay=0.1", "init=zeros"],
)  # fmt: skip
def test_runs_of_other_shapes_or_operations_train_apart(word):
    configs = [nnbench.compose([]), nnbench.compose([word])]
    assert stack_key(configs[0]) != stack_key(configs[1])
    with pytest.raises(ConfigError, match="same throughout a stack"):
        checks.check_stack(configs)


def waves(samples=50):
    """A data set of a user's, whose function takes no name."""
    x = np.linspace(0, 1, samples)[:, None]
    return regression("waves", x, np.sin(9 * x), "measured")


def nothing():
    """No data set."""
    return 3


def test_a_users_data_set_needs_no_name():
    words = [f"dataset._target_={__name__}.waves", "+dataset.samples=61"]
    assert build.dataset(nnbench.compose(words).dataset).x.shape == (61, 1)


def test_what_is_no_data_set_is_refused():
    config = nnbench.compose([f"dataset._target_={__name__}.nothing"])
    with pytest.raises(ConfigError, match=r"nothing: must return a .*Dataset, not int"):
        build.dataset(config.dataset)


class Plain:
    """A user's model: one hidden layer, and one initialiser for all."""

    def layers(self, in_shape, outputs, depth, width, hidden, init):
        return [Reshape(-1), *hidden.layer(Dense(width, init)), Dense(outputs, init)]


class Ones:
    """A user's initialiser."""

    def __call__(self, rng, shape):
        return np.ones(shape)


def first_weights(*words):
    """Initial weights of the network's first layer and of its outputs, without biases."""
    config = nnbench.compose(["width=5", "dtype=float64", *words])
    network = build.network(config, build.dataset(config.dataset))
    vector = np.zeros(network.size)
    network.initialise(vector, stream(3, "init"))
    first, last = network.tensors[0], network.tensors[-2]
    return vector[first.start : first.end], vector[last.start : last.end]


@pytest.mark.parametrize("model", ["mlp", "cnn", "rnn"])
@pytest.mark.parametrize("depth", [0, 1, 4])
def test_output_weights_are_small_unless_init_is_named(model, depth):
    """Their variance is 0.01 / fan_in, where He's is 2 / fan_in."""
    words = [f"model={model}", "activation=relu", f"depth={depth}"]
    (first, outputs), (of_he, outputs_of_he) = (
        first_weights(*words, init) for init in ("init=auto", "init=he")
    )

    np.testing.assert_allclose(outputs, outputs_of_he * (0.01 / 2) ** 0.5)
    assert outputs_of_he.all()
    if depth:
        np.testing.assert_array_equal(first, of_he)


def test_a_users_model_decides_about_output_weights():
    of_model = [f"model._target_={__name__}.Plain", "activation=relu"]
    for weights, of_he in zip(*(first_weights(*of_model, f"init={i}") for i in ("auto", "he")),
                              strict=True):  # fmt: skip
        np.testing.assert_array_equal(weights, of_he)
    for weights in first_weights(f"init._target_={__name__}.Ones"):
        assert (weights == 1).all()


X, ROWS = np.arange(60.0).reshape(30, 2), np.arange(30)


@pytest.mark.parametrize(
    ("task", "x", "y", "classes", "rule"),
    [
        ("clustering", X, X, 0, "task"), ("regression", X.tolist(), X, 0, "NumPy"),
        ("regression", X.astype(str), X, 0, "NumPy"), ("regression", X, X[:, 0], 0, "outputs"),
        ("regression", X[:, 0], X, 0, "features"), ("regression", X, X[:29], 0, "30 and 29"),
        ("regression", X[:0], X[:0], 0, "0 and 0"), ("regression", X, X * np.nan, 0, "finite"),
        ("regression", X + np.inf, X, 0, "infinite"), ("classification", X, ROWS % 3, 2, "whole"),
        ("classification", X, ROWS % 3 - 1, 3, "whole"),
        ("classification", X, ROWS % 3, 0, "whole"),
        ("classification", X, ROWS % 3 / 2, 3, "whole"), ("regression", X, X, 0, ""),
        ("regression", X * np.nan, X, 0, ""), ("classification", X, ROWS % 3, 3, ""),
    ],
)  # fmt: skip
def test_users_data_set_keeps_the_rules_of_all(task, x, y, classes, rule):
    broken = fault(Dataset("mine", task, x, y, classes))
    assert rule in broken
    assert bool(rule) == bool(broken)


def ragged():
    """A data set with more inputs than targets."""
    return Dataset("ragged", "regression", X, X[:29])


def test_faulty_data_set_of_a_user_is_refused():
    config = nnbench.compose([f"dataset._target_={__name__}.ragged"])
    with pytest.raises(ConfigError, match=r"ragged: must return as many rows in x as in y"):
        build.dataset(config.dataset)
