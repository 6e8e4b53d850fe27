"""Text that stands for numbers and dates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbench.data.numerals import Numerals, dates, days, strays_among_numbers

COMMA, SEMICOLON = Numerals(), Numerals(separator=";")


@pytest.mark.parametrize(
    ("words", "comma", "semicolon"),
    [
        (["1_000", "5"], [1000, 5], [1000, 5]),
        (["$5", "-$1,000.50"], [5, -1000.5], [5, -1000.5]),
        (["5%", "7.5 %"], [5, 7.5], [5, 7.5]),
        (["1'234'567.5", "\u22125"], [1234567.5, -5], [1234567.5, -5]),
        (["39\u202f139,50 €", "1,5 €"], None, [39139.5, 1.5]),
        (["0,14", "2,5"], None, [0.14, 2.5]),
        (["1.234,5", "7"], None, [1234.5, 7]),
        (["100,000", "5"], [100000, 5], None),  # A semicolon's comma may be a decimal one.
        (["1.234", "2.345"], [1.234, 2.345], [1.234, 2.345]),
        (["TRUE", "false", "1"], [1, 0, 1], [1, 0, 1]),
        (["$5", "5%"], None, None),
        (["12,34,567"], None, None),
        (["0,123,456"], None, None),
        (["1 000"], None, None),
        (["nan"], None, None),
        (["5", "x"], None, None),
    ],
)
def test_words_become_numbers_in_one_notation_only(words, comma, semicolon):
    assert (COMMA.numbers(words), SEMICOLON.numbers(words)) == (comma, semicolon)


def test_options_say_what_a_comma_is():
    assert Numerals(decimal=",").numbers(["1,234", "1.000,5"]) == [1.234, 1000.5]
    assert Numerals(thousands=",").numbers(["1,234"]) == [1234]
    assert Numerals(decimal=",").numbers(["1.5"]) is None
    assert COMMA.advice(["0,14"]) == "\"dataset.decimal=','\""
    assert SEMICOLON.advice(["1,234"]).split(" or ") == [
        "\"dataset.thousands=','\"", "\"dataset.decimal=','\"",
    ]  # fmt: skip
    assert COMMA.advice(["a,b"]) == COMMA.advice(["5"]) == ""


@given(st.lists(st.floats(-1e15, 1e15), min_size=1), st.booleans())
def test_numbers_come_back_whatever_the_marks(numbers, german):
    words = [f"{number:,.3f}" for number in numbers]
    if german:
        words = [word.translate(str.maketrans(",.", ".,")) for word in words]
    numerals = Numerals(",", ".", ";") if german else Numerals(".", ",")

    assert numerals.numbers(words) == [float(f"{number:.3f}") for number in numbers]


def test_dates_are_days_whatever_their_zone_and_time():
    assert dates(["1970-01-02", "1969-12-31"]) == [1, -1]
    assert dates(["2024-01-31T12:00:00Z", "2024-01-31 12:00:00+02:00"]) == pytest.approx(
        [19753.5, 19753.5 - 2 / 24]
    )
    assert dates(["9999-12-31"]) == [2932896]
    assert dates(["2024-13-01"]) is dates(["31.01.2024"]) is dates(["2024-01-31", "x"]) is None
    column = pd.Series(pd.to_datetime(["1970-01-02", None])).dt.tz_localize("Europe/Berlin")
    np.testing.assert_array_equal(days(column), [1 - 1 / 24, np.nan])


def test_strays_are_the_few_words_among_many_numbers():
    assert strays_among_numbers(["1", "2.5", "?"]) == ["?"]
    assert strays_among_numbers(["1", "a", "b"]) == []
