"""Differences between two reports on the same question."""

import copy

import pytest

from nnbench.app.report_differences import differences

STORED = {
    "groups": [{"dataset": "digits", "value": {"depth": d}, "outcome": {"typical": 0.9},
                "test": {"mean": 0.9, "by_seed": [0.9, 0.875]}, "run_ids": ["a", "b"]}
               for d in (1, 3)],
    "contrasts": [{"dataset": "digits", "value": {"depth": 3}, "reference": "1",
                   "difference": 0.25, "p": 0.5, "outcome": "inconclusive"}],
    "trends": [{"dataset": "digits", "key": "depth", "others": {}, "slope": 0.5,
                "outcome": "better", "course": "straight"}],
    "not_worse": [{"dataset": "digits", "best": {"depth": 1}, "not_worse": [{"depth": 1}]}],
    "tables": {"cost": [{"seconds": 1.5}]},
}  # fmt: skip


def changed(*path, value):
    new = copy.deepcopy(STORED)
    inner = new
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return new


def test_equal_reports_are_the_same():
    assert differences(STORED, copy.deepcopy(STORED)).result == "same"


@pytest.mark.parametrize(
    ("path", "value"), [(("tables", "cost", 0, "seconds"), 9), (("groups", 0, "run_ids", 1), "c")]
)
def test_costs_and_ids_are_not_compared(path, value):
    assert differences(STORED, changed(*path, value=value)).result == "same"


def test_values_may_differ_with_the_same_verdicts():
    compared = differences(STORED, changed("groups", 1, "test", "by_seed", 1, value=0.625))

    assert compared.result == "same verdicts"
    assert compared.values == [
        "groups: digits, depth=3: 1 of 6 values differ, the most test.by_seed.1: "
        "0.875 stored, 0.625 now"
    ]


def test_the_largest_difference_is_named():
    new = changed("groups", 0, "test", "mean", value=0.91)
    new["groups"][0]["test"]["by_seed"] = [0.5, None]

    (line,) = differences(STORED, new).values

    assert line.startswith(
        "groups: digits, depth=1: 3 of 6 values differ, the most test.by_seed.1:"
    )
    assert line.endswith("0.875 stored, null now")


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("contrasts", 0, "outcome"), "worse",
         "contrasts: digits, depth=3, to 1: outcome inconclusive stored, worse now"),
        (("trends", 0, "course"), "bent",
         "trends: digits, depth: course straight stored, bent now"),
        (("not_worse", 0, "not_worse"), [],
         'not_worse: digits, depth=1: not_worse [{"depth": 1}] stored, [] now'),
        (("contrasts",), [], "contrasts: digits, depth=3, to 1: only stored"),
        (("contrasts",), None, "contrasts: digits, depth=3, to 1: only stored"),
        (("groups", 0, "value", "depth"), 2, "groups: digits, depth=1: only stored"),
    ],
)  # fmt: skip
def test_other_verdicts_are_a_difference(path, value, line):
    compared = differences(STORED, changed(*path, value=value))

    assert compared.result == "differs"
    assert line in compared.verdicts


def test_what_is_only_there_now_is_one():
    compared = differences({**STORED, "trends": []}, STORED)

    assert compared.verdicts == ["trends: digits, depth: only now"]


@pytest.mark.parametrize("value", [10**400, "0.9", None, [], float("nan")])
def test_any_value_can_be_compared(value):
    """A report.json may have been written by hand, and its runs are trained when it is compared."""
    (line,) = differences(STORED, changed("contrasts", 0, "p", value=value)).values
    assert line.startswith("contrasts: digits, depth=3, to 1: 1 of ")
