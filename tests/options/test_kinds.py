from collections.abc import Sequence
from typing import Any, Literal

import pytest

from nnbench.options.kinds import conform, name_of

Task = Literal["a", "b"]
HUGE = 10**400


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (int, 3, 3), (int, 3.0, 3), (int, 1e3, 1000), (int, -0.0, 0), (int, HUGE, HUGE),
        (float, 3, 3.0), (float, 0.5, 0.5), (int | None, None, None), (int | None, 2.0, 2),
        (bool, False, False), (str, "x", "x"), (str, 3, "3"), (str, 1.5, "1.5"),
        (int | str, "full", "full"), (int | str, 8.0, 8), (int | str, 2.5, "2.5"),
        (int | float, 6, 6), (int | float, 1.0, 1.0), (Task | None, "b", "b"),
        (Sequence[int], [1, 2.0], [1, 2]), (list, [1, "a"], [1, "a"]), (Sequence[str], [], []),
        (dict[str, Any], {"a": 1}, {"a": 1}), (Any, [None], [None]),
    ],
)  # fmt: skip
def test_values_of_a_kind_are_taken(kind, value, expected):
    taken = conform(kind, value)
    assert (taken, type(taken)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, True), (int, 2.5), (int, "3"), (int, None), (int, float("nan")), (int, float("inf")),
        (float, True), (float, "0.1"), (float, HUGE), (float, [0.1]), (bool, 1), (bool, "true"),
        (bool, None), (str, True), (str, None), (str, ["a"]), (int | None, "null"), (Task, "c"),
        (Task, 1), (Sequence[int], "12"), (Sequence[int], [True]), (Sequence[str], [None]),
        (list, {"a": 1}), (dict, [1]), (int | str, True),
    ],
)  # fmt: skip
def test_values_of_another_kind_are_not(kind, value):
    with pytest.raises(TypeError):
        conform(kind, value)


def test_kinds_are_named_as_people_say():
    assert name_of(int | None) == "a whole number or null"
    assert name_of(int | float) == "a number"
    assert name_of(bool) == "true or false"
    assert name_of(Task | None) == "one of a, b or null"
    assert name_of(Sequence[str]) == "a list, each text"
