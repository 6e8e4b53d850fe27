"""By what tables are sorted."""

import numpy as np
import pandas as pd
import pytest

from nnbench.pages import Link, Table
from nnbench.pages.grid import grid, numbers_in

NAN = float("nan")


def table(rows, data=None, **changes):
    columns = [f"c{i}" for i in range(len(rows[0]))]
    return Table("t", columns, rows, pd.DataFrame(data), **changes)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "10", "9"], [1, 10, 9]),
        (["85.3% (80.1 to 90.0)", "~ 50.0%", "—"], [85.3, 50, NAN]),
        (["−7.50 (−9.00 to −6.00)", "+1.25", "reference"], [-7.5, 1.25, NAN]),
        (["1,200", "1e-05", ".5", "2×", "< 0.001"], [1200, 1e-5, 0.5, 2, 0.001]),
        (["worst", "3", "lost", ""], [NAN, 3, NAN, NAN]),
        (["2 layers", "10 layers"], [2, 10]),
        (["relu", "3"], None),
        (["1_dense", "2_dense"], None),
        (["3.11.7"], None),
        (["—", "lost"], None),
        ([], None),
    ],
)
def test_numbers_are_read_from_what_is_shown(texts, numbers):
    found = numbers_in(texts)

    if numbers is None:
        assert found is None
    else:
        np.testing.assert_array_equal(found, numbers)


def test_data_says_the_order_where_a_column_is_named():
    made = grid(table([["a", "1"], ["b", "2"]], {"v": [0.123456, None, 7]}, sort_by=["v"]))

    assert [row[0].value for row in made.rows] == ["0.123456", None]
    assert [column.numeric for column in made.columns] == [True, True]


def test_number_that_stands_there_already_is_not_said_twice():
    made = grid(table([["1"], ["1.0"], ["2%"]]))

    assert [row[0].value for row in made.rows] == [None, "1", "2"]


def test_link_keeps_its_address_and_long_words_are_broken():
    made = grid(table([[Link("run", "x/y"), "long " * 10]], pinned=1))

    assert made.rows[0][0].href == "x/y"
    assert [cell.classes for cell in made.rows[0]] == ["", "pinned words"]
    assert [column.pinned for column in made.columns] == [False, True]
