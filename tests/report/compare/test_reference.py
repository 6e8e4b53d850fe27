import re

import pytest

from nnbench.report.compare.reference import check_reference, reference_of, references_of
from nnbench.run.errors import ConfigError
from tests.report.runs import compared, run, table


@pytest.mark.parametrize(
    ("key", "values", "reference"),
    [
        # The smallest network.
        ("depth", [10, 3, 1], 1),
        ("width", [64, 8, 128], 8),
        ("params", [20000, 300], 300),
        # nnbench's default, or where that isn't there the first in order.
        ("optimizer", ["sgd", "adam", "adagrad"], "adam"),
        ("optimizer", ["sgd", "momentum"], "momentum"),
        ("activation", ["tanh", "relu", "elu"], "relu"),
        ("batch_size", [128, 32, 8], 32),
        ("patience", [5, None], None),
        ("lr", [0.1, 0.01], 0.01),
        # auto stands for either, and which of them a data set has depends on its task.
        ("loss", ["hinge", "cross_entropy"], "cross_entropy"),
        ("loss", ["huber", "mse"], "mse"),
        # An option of a user's own package.
        ("optimizer", ["my.Rule", "mine.Rule"], "mine.Rule"),
        ("dataset.noise", [0.5, 0.1], 0.1),
    ],
)
def test_reference_is_fixed_beforehand(key, values, reference):
    assert reference_of([key], values, None) == reference
    assert reference_of([key], values[::-1], None) == reference


@pytest.mark.parametrize(
    ("asked", "reference"),
    [(3, 3), ("3", 3), (3.0, 3), ("3e0", 3), (10, 10), (None, 1), ([10], 10)],
)
def test_reference_can_be_asked_for(asked, reference):
    assert reference_of(["depth"], [1, 3, 10], asked) == reference


@pytest.mark.parametrize(
    ("key", "values", "row", "reference"),
    [
        ("lr", [0.01, 0.0003, 0.001], {"optimizer": "adam"}, 0.001),
        ("lr", [0.01, 0.0003, 0.001], {"optimizer": "my.Rule"}, 0.0003),
        ("init", ["glorot", "he", "lecun"], {"activation": "relu"}, "he"),
        ("init", ["he", "glorot"], {"activation": "tanh"}, "glorot"),
        ("init", ["zeros", "he", "auto"], {"activation": "relu"}, "auto"),
        ("residual_scale", [0.5, 1.0, "auto"], {"residual": True}, "auto"),
    ],
)
def test_default_may_depend_on_the_rest_of_run(key, values, row, reference):
    assert reference_of([key], values, None, dict.fromkeys(values, row)) == reference
    both = [(1, value) for value in values]
    references = references_of(["depth", key], both, None, dict.fromkeys(both, row))
    assert references == dict.fromkeys(both, (1, reference))


def test_reference_of_two_keys():
    keys, values = ["depth", "optimizer"], [(3, "adam"), (1, "sgd"), (1, "adam"), (3, "sgd")]

    assert reference_of(keys, values, None) == (1, "adam")
    assert reference_of(keys, values, [3, "sgd"]) == (3, "sgd")
    assert reference_of(keys, [(3, "sgd"), (1, "sgd")], None) == (1, "sgd")


@pytest.mark.parametrize(
    ("asked", "references"),
    [
        # nnbench's default at either depth, where it was run; else the first.
        (None, [(1, "adam"), (1, "adam"), (3, "lion")]),
        ([1, "sgd"], [(1, "sgd")] * 3),
    ],
)
def test_references_of_two_keys(asked, references):
    keys, values = ["depth", "optimizer"], [(1, "sgd"), (1, "adam"), (3, "lion")]

    assert references_of(keys, values, asked) == dict(zip(values, references, strict=True))


def test_one_reference_serves_every_first_value():
    keys = ["depth", "optimizer"]
    values = [(1, "adam"), (1, "sgd"), (3, "sgd")]

    assert references_of(keys, values, "sgd") == dict(
        zip(values, [(1, "sgd"), (1, "sgd"), (3, "sgd")], strict=True)
    )
    # At depth 3 there is none, so that the usual one stands for it.
    assert references_of(keys, values, "adam") == dict(
        zip(values, [(1, "adam"), (1, "adam"), (3, "sgd")], strict=True)
    )


@pytest.mark.parametrize(
    ("keys", "values", "asked", "line"),
    [
        (["depth"], [1, 3], 2, "reference=2: must be a value of depth that runs have: 1, 3"),
        (["depth"], [1, 3], "odd", "reference=odd: must be a value of depth that runs have: 1, 3"),
        (
            ["depth", "optimizer"], [(1, "sgd"), (3, "adam")], 1,
            "reference=1: must be a value of optimizer that runs have: adam, sgd",
        ),
        (
            ["depth", "optimizer"], [(1, "sgd"), (3, "adam")], [1, "adam"],
            "reference=[1, adam]: must be a value of depth and optimizer that runs have: "
            "[1,sgd], [3,adam]",
        ),
    ],
)  # fmt: skip
def test_reference_that_is_not_there_is_refused(keys, values, asked, line):
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}$"):
        check_reference(keys, values, asked)


@pytest.mark.parametrize("best", ["adam", "sgd", "adagrad"])
def test_reference_is_not_what_did_best(best):
    rows = [
        run(0, optimizer=name, test=0.9 if name == best else 0.5)
        for name in ("adagrad", "sgd", "adam")
    ]

    comparison = compared(table(*rows), "optimizer")

    assert [group.value for group in comparison.groups] == ["adam", "adagrad", "sgd"]
    again = compared(table(*rows), "optimizer", reference="sgd")
    assert [group.value for group in again.groups] == ["sgd", "adagrad", "adam"]
