from dataclasses import replace

import pytest

import nnbench
from nnbench.assembly import checks
from nnbench.run.config import Component
from nnbench.run.errors import IncompatibleError
from tests.build_small import run


@pytest.mark.parametrize(
    "loss", ["cross_entropy", "binary_cross_entropy", "focal", "hinge", "poisson_nll"]
)
def test_a_loss_for_classes_refuses_a_regression(loss):
    config = nnbench.compose(["dataset=diabetes", f"loss={loss}"])
    with pytest.raises(IncompatibleError, match=f"loss={loss}.*diabetes is a regression"):
        nnbench.train(config)


def test_norm_over_the_batch_refuses_batches_of_one():
    allowed = "batch_size=1: must be 2 or more with norm=batch: one example has no variance"
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
def test_whole_loss_optimizer_refuses_disturbances(settings, line):
    searching = Component("searching", "tests.assembly.test_checks.Searching")
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


def check_together(words):
    checks.check_together(nnbench.compose([*words, "loss=cross_entropy"]), "classification")


FULL = ["optimizer=lbfgs", "batch_size=full"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["optimizer=lbfgs"], "batch_size=32: must be full with optimizer=lbfgs"),
        ([*FULL, "clip_norm=1"], "clip_norm=1.0: must be null with optimizer=lbfgs"),
        ([*FULL, "clip_value=1"], "clip_value=1.0: must be null with optimizer=lbfgs"),
        ([*FULL, "dropout=0.1"], "dropout=0.1: must be 0 with optimizer=lbfgs"),
        ([*FULL, "norm=batch"], "norm=batch: must be none or layer with optimizer=lbfgs"),
        ([*FULL, "wrapper=sam"], "wrapper=sam: must be none with optimizer=lbfgs"),
    ],
)
def test_search_along_lines_refuses_what_leads_it_astray(words, message):
    with pytest.raises(IncompatibleError, match=message):
        nnbench.train(nnbench.compose(words))


class Elsewhere:
    """Optimizer that is evaluated elsewhere than at its parameters."""

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        params.values -= rate * params.grads

    def evaluated(self, params, state):
        return -params.values


def test_lookahead_is_refused_where_parameters_are_searched():
    own = "optimizer._target_=tests.assembly.test_checks.Elsewhere"
    for words in ([own], [own, "wrapper=sam"], ["wrapper=lookahead"]):
        check_together(words)
    with pytest.raises(IncompatibleError, match="wrapper=lookahead: must not move the parameters"):
        check_together([own, "wrapper=lookahead"])


def test_rprop_may_be_given_batches():
    check_together(["optimizer=rprop"])
