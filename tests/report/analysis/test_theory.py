"""Tests of theory: could an unsolved data set have been solved?"""

import pytest

from nnbench.report.analysis.theory import (
    Standing,
    attainable,
    attempt,
    dataset_component,
    width_of,
)
from nnbench.run.config import Component
from tests.report.runs import lost, run, table
from tests.report.sections.asking import findings

LIKE = {"model": "mlp", "activation": "relu", "norm": "none", "residual": False, "loss": "mse"}


def tried(train, test=None, dataset="sawtooth", depth=6, metric="r2", **changes):
    """Outcome at one depth."""
    test = train if test is None else test
    settings = {**LIKE, "width": 8, "dataset": dataset, **changes}
    runs = table(*(run(s, depth, test, train=train, metric=metric, **settings) for s in range(3)))
    (group,) = findings(runs).comparison.groups
    return attempt(group)


@pytest.mark.parametrize(
    ("attempted", "standing"),
    [
        (tried(0.96), Standing.FOUND),
        (tried(0.2), Standing.CANNOT_FIND),
        (tried(0.99, 0.5), Standing.BY_HEART),
        (tried(0.2, depth=1), Standing.CANNOT_EXPRESS),  # 9 pieces of 16.
        (tried(0.2, depth=1, width=16), Standing.CANNOT_FIND),
        (tried(0.2, depth=2), Standing.NOT_SOLVED),
        (tried(0.2, activation="tanh"), Standing.NOT_SOLVED),
        (tried(0.2, norm="layer"), Standing.NOT_SOLVED),
        (tried(0.2, model="rnn"), Standing.NOT_SOLVED),
        (tried(0.5, dataset="parity", metric="accuracy"), Standing.CANNOT_FIND),
        (tried(0.5, dataset="parity", metric="accuracy", depth=0), Standing.CANNOT_EXPRESS),
    ],
)
def test_what_a_depth_shows(attempted, standing):
    assert attempted.standing is standing


def test_options_of_the_runs_decide_what_solves_them():
    easy = {"dataset.folds": 2, "dataset.samples": 1000, "dataset.data_seed": 0, "dataset.noise": 0}
    assert tried(0.2, depth=2, width=2, **easy).standing is Standing.CANNOT_FIND
    hard = {**easy, "dataset.folds": 9}
    assert tried(0.2, depth=2, width=2, **hard).standing is Standing.CANNOT_EXPRESS


def test_noise_leaves_less_to_be_reached():
    parity = Component("parity", "nnbench.data.ladder.parity", {"noise": 0.1})
    assert attainable(parity) == pytest.approx(0.9)
    sawtooth = Component("sawtooth", "nnbench.data.ladder.sawtooth", {"noise": (1 / 12) ** 0.5})
    assert attainable(sawtooth) == pytest.approx(0.5)
    noisy = {"dataset.noise": 0.1, "dataset": "parity", "metric": "accuracy"}
    assert tried(0.88, **noisy).standing is Standing.FOUND


def test_lost_runs_count_as_the_worst():
    settings = {**LIKE, "width": 8, "dataset": "sawtooth"}
    runs = table(run(0, 6, 0.99, metric="r2", **settings), lost(1, 6, **settings),
                 lost(2, 6, **settings))  # fmt: skip
    (group,) = findings(runs).comparison.groups
    assert attempt(group).standing is Standing.CANNOT_FIND


@pytest.mark.parametrize(
    ("dataset", "depth", "size", "width"),
    [
        # inputs × width, biases, width² + width for each further layer, (width + 1) × outputs
        ("sawtooth", 1, 1 * 7 + 7 + 7 + 1, 7),
        ("sawtooth", 3, 1 * 5 + 5 + 2 * 30 + 5 + 1, 5),
        ("parity", 2, 12 * 4 + 4 + 20 + 2 * 5, 4),
        ("parity", 0, 12 * 2 + 2, 1),
    ],
)
def test_width_that_nobody_asked_for_follows_from_parameters(dataset, depth, size, width):
    metric = "r2" if dataset == "sawtooth" else "accuracy"
    settings = {**LIKE, "dataset": dataset, "params": size, "n_params": size, "width": 99}
    runs = table(*(run(s, depth, metric=metric, **settings) for s in range(2)))
    (group,) = findings(runs).comparison.groups
    assert width_of(group, dataset_component(group)) == width


def test_other_data_sets_have_no_known_solution():
    assert tried(0.2, dataset="digits", metric="accuracy") is None
    assert tried(0.2, dataset="my own") is None
    assert tried(0.2, dataset="spirals", metric="accuracy") is None
