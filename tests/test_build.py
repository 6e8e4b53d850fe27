from dataclasses import replace

import pytest

import nnbench
from nnbench import build, catalogue, checks, components
from nnbench.config import Component, ConfigError, IncompatibleError
from nnbench.sweep.plan import run_key

from .build_small import run


def test_runs_that_differ_in_numbers_train_together():
    first = nnbench.compose(["weight_decay=0.1"])
    optimizer = replace(first.optimizer, options={**first.optimizer.options, "beta1": 0.5})
    other = replace(first, seed=5, lr=0.5, weight_decay=0.2, patience=3, optimizer=optimizer)
    assert build.stack_key(first) == build.stack_key(other)
    checks.check_stack([first, other])


def test_runs_of_any_schedule_train_together_and_a_list_is_part_of_a_run():
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
def test_runs_that_differ_in_shape_or_operations_do_not(word):
    configs = [nnbench.compose([]), nnbench.compose([word])]
    assert build.stack_key(configs[0]) != build.stack_key(configs[1])
    with pytest.raises(ConfigError, match="same throughout a stack"):
        checks.check_stack(configs)


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
        checks.check_together(run(norm="batch", batch_size=1, loss="mae"), "classification")
    checks.check_together(run(norm="layer", batch_size=1, loss="mae"), "classification")
    checks.check_together(run(norm="batch", batch_size=2, loss="mae"), "classification")


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
        checks.check_together(config, "classification")
        return
    with pytest.raises(IncompatibleError, match=f"^{line}searching"):
        checks.check_together(config, "classification")


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
        components.locate("loss", Component("pi", "math.pi"))


def check_together(words):
    checks.check_together(nnbench.compose([*words, "loss=cross_entropy"]), "classification")


FULL = ["optimizer=lbfgs", "batch_size=full"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["optimizer=lbfgs"], "batch_size=32: must be full with optimizer=lbfgs"),
        ([*FULL, "clip_norm=1"], "clip_norm=1.0: must be null with optimizer=lbfgs"),
        ([*FULL, "clip_value=1"], "clip_value=1.0: must be null with optimizer=lbfgs"),
        ([*FULL, "dropout=0.1"], "dropout=0.1: must be 0 with optimizer=lbfgs"),
        ([*FULL, "wrapper=sam"], "wrapper=sam: must be none with optimizer=lbfgs"),
    ],
)
def test_a_search_along_lines_refuses_what_leads_it_astray(words, said):
    with pytest.raises(IncompatibleError, match=said):
        nnbench.train(nnbench.compose(words))


class Elsewhere(Backwards):
    """It is measured elsewhere than at its parameters."""

    def evaluated(self, params, state):
        return -params.values


def test_lookahead_moves_no_parameters_that_are_not_what_was_found():
    own = "optimizer._target_=tests.test_build.Elsewhere"
    for words in ([own], [own, "wrapper=sam"], ["wrapper=lookahead"]):
        check_together(words)
    with pytest.raises(IncompatibleError, match="wrapper=lookahead: must leave parameters alone"):
        check_together([own, "wrapper=lookahead"])


def test_rprop_may_be_given_batches():
    check_together(["optimizer=rprop"])
