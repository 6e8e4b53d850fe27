"""Allowed values: of a number, of a column of them, of a field and of an argument."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pytest

from nnbench.allowed import BELOW_ONE, COUNT, POSITIVE, Checked, checked, one_of, require, whole


@dataclass(frozen=True)
class Brush(Checked):
    width: Annotated[int, whole(1, 40)] = 2
    share: Annotated[float, BELOW_ONE] = 0.5
    tip: Annotated[str | None, one_of(("round", "flat")).or_null("for none")] = None
    gap: Annotated[int | str, whole(0).or_word("same")] = "same"


def test_fields_take_what_their_annotations_allow():
    brush = Brush(width=40, share=0.0, tip="flat", gap=0)
    assert (brush.width, brush.share, brush.tip, brush.gap) == (40, 0.0, "flat", 0)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("width", 41, "a whole number, 1 to 40"),
        ("width", 2.0, "a whole number, 1 to 40"),
        ("width", True, "a whole number, 1 to 40"),
        ("share", 1.0, "a number from 0 to below 1"),
        ("share", float("nan"), "a number from 0 to below 1"),
        ("share", "half", "a number from 0 to below 1"),
        ("share", [0.5], "a number from 0 to below 1"),
        ("share", None, "a number from 0 to below 1"),
        ("tip", "pointed", "round or flat, or null for none"),
        ("gap", "other", "a whole number, 0 or more, or same"),
        ("gap", -1, "a whole number, 0 or more, or same"),
    ],
)
def test_fields_name_value_and_allowed_values(field, value, words):
    with pytest.raises(ValueError, match="must be") as caught:
        Brush(**{field: value})
    assert str(caught.value) == f"{field}={value}: must be {words}"


def test_columns_name_their_first_bad_value():
    column = np.array([[0.5], [3.0], [7.5]], np.float32)
    require("rate", column, POSITIVE)
    with pytest.raises(ValueError, match=r"^period=0.5: must be a whole number, 1 or more in floa"):
        require("period", column, COUNT)


def test_arguments_are_checked_by_place_and_by_name():
    @checked
    def paint(coats: Annotated[int, whole(3)], colour: str = "red") -> str:
        return colour * coats

    assert paint(3, colour="b") == paint(coats=3, colour="b") == "bbb"
    for values, options in (((2,), {}), ((), {"coats": 2})):
        with pytest.raises(ValueError, match=r"^coats=2: must be a whole number, 3 or more$"):
            paint(*values, **options)


def test_null_and_word_are_allowed_in_either_order():
    for allowed in (whole(1).or_null("for none").or_word("full"),
                    whole(1).or_word("full").or_null("for none")):  # fmt: skip
        assert str(allowed) == "a whole number, 1 or more, or full, or null for none"
        assert [allowed(value) for value in (None, "full", 3, "half", 0)] == [
            True, True, True, False, False,
        ]  # fmt: skip
