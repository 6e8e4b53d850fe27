from dataclasses import replace

import pytest

import nnbench
from nnbench import build, composition
from nnbench.config import Component, ConfigError, IncompatibleError
from nnbench.sweep.plan import run_key

from .build_small import run


def test_runs_that_differ_in_numbers_train_together():
    first = nnbench.compose(["weight_decay=0.1"])
    optimizer = replace(first.optimizer, options={**first.optimizer.options, "beta1": 0.5})
    other = replace(first, seed=5, lr=0.5, weight_decay=0.2, patience=3, optimizer=optimizer)
    assert build.stack_key(first) == build.stack_key(other)
    build.check_stack([first, other])


def test_runs_of_any_schedule_train_together_and_a_list_is_part_of_a_run():
    words = ["schedule=multistep"], ["schedule=multistep", "schedule.milestones=[0.2, 0.9]"]
    configs = [nnbench.compose(["epochs=2", *more]) for more in ([], *words)]

    build.check_stack(configs)
    assert len({run_key(config, "") for config in configs}) == 3
    assert configs[1].schedule == composition.option("schedule", "multistep")
    assert configs[2].flat()["schedule.milestones"] == "[0.2, 0.9]"
    for config, result in zip(configs, nnbench.train_stack(configs), strict=True):
        assert result.final == nnbench.train(config).final


@pytest.mark.parametrize(
    "word",
    ["depth=2", "width=8", "activation=tanh", "optimizer=sgd", "epochs=2", "batch_size=8",
     "dtype=float64", "dataset=iris", "test_size=0.3", "weight_decay=0.1", "init=zeros"],
)  # fmt: skip
def test_runs_that_differ_in_shape_or_operations_do_not(word):
    configs = [nnbench.compose([]), nnbench.compose([word])]
    assert build.stack_key(configs[0]) != build.stack_key(configs[1])
    with pytest.raises(ConfigError, match="same throughout a stack"):
        build.check_stack(configs)


@pytest.mark.parametrize(
    "loss", ["cross_entropy", "binary_cross_entropy", "focal", "hinge", "poisson_nll"]
)
def test_a_loss_for_classes_refuses_a_regression(loss):
    config = nnbench.compose(["dataset=diabetes", f"loss={loss}"])
    with pytest.raises(IncompatibleError, match=f"loss={loss}.*diabetes is a regression"):
        nnbench.train(config)


def test_a_norm_over_the_batch_refuses_batches_of_one():
    allowed = "batch_size=1: must be 2 or more with norm=batch, one example has no variance"
    with pytest.raises(IncompatibleError, match=f"^{allowed}$"):
        build.check_together(run(norm="batch", batch_size=1, loss="mae"), "classification")
    build.check_together(run(norm="layer", batch_size=1, loss="mae"), "classification")
    build.check_together(run(norm="batch", batch_size=2, loss="mae"), "classification")


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"batch_size": 8}, "batch_size=8: must be full with optimizer="),
        ({"clip_norm": 1.0}, "clip_norm=1.0: must be null with optimizer="),
        ({"dropout": 0.5}, "dropout=0.5: must be 0 with optimizer="),
        ({"wrapper": "sam"}, "wrapper=sam: must be none with optimizer="),
        ({}, None),
    ],
)
def test_an_optimizer_that_needs_the_whole_loss_refuses_what_disturbs_it(settings, line):
    searching = Component("searching", "tests.test_build.Searching")
    settings = {"batch_size": "full", "loss": "cross_entropy", **settings}
    config = replace(run(**settings), optimizer=searching)
    if line is None:
        build.check_together(config, "classification")
        return
    with pytest.raises(IncompatibleError, match=f"^{line}searching"):
        build.check_together(config, "classification")


class Searching:
    full_batch = True
    needs_losses = True


def test_a_class_of_the_users_own_is_found_by_its_path():
    config = nnbench.compose(["optimizer._target_=tests.test_build.Backwards", "epochs=1",
                              "dataset=iris"])  # fmt: skip
    assert nnbench.train(config).status in ("finished", "diverged")


class Backwards:
    """Gradient ascent, which nobody ships."""

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        params.values += rate * params.grads


def test_what_is_no_class_or_function_is_refused():
    with pytest.raises(ConfigError, match="must be a class or function"):
        build.locate("loss", Component("pi", "math.pi"))
