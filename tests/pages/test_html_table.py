"""Sorting of tables on a page: by the values that cells carry, never by their text."""

import pandas as pd
import pytest

from nnbench.pages import Link, Number, Table
from nnbench.pages.html_table import html_table
from nnbench.pages.table_cells import count_cell, metric_cell, setting_cell, share_cell

NAN, INF = float("nan"), float("inf")


def table(rows, **changes):
    columns = [f"c{i}" for i in range(len(rows[0]))]
    return html_table(Table("t", columns, rows, pd.DataFrame(), **changes))


def keys(*cells):
    """The keys by which a page sorts a column; None stands for the text itself."""
    return [row[0].value for row in table([[cell] for cell in cells]).rows]


def test_numbers_sort_by_their_values():
    cells = [Number("about 7", 0.123456), Number("7", 7), Number("worst", -INF), Number("—", NAN)]

    assert keys(*cells, "lost") == ["0.123456", None, "-Infinity", "", ""]


@pytest.mark.parametrize("text", ["1", "85.3% (80.1 to 90.0)", "≈ 3", "2 layers", "1,200"])
def test_text_is_never_read_as_a_number(text):
    parsed = table([[text, Number("1", 1)], ["9", text]])

    assert [column.numeric for column in parsed.columns] == [False, True]
    assert parsed.rows[0][0].value is None
    assert parsed.rows[1][1].value == ""


def test_column_without_any_value_holds_words():
    assert not table([[Number("—", NAN)], ["lost"]]).columns[0].numeric


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (count_cell(1234567), "1,234,567", 1234567),
        (count_cell(NAN), "—", None),
        (share_cell(0.256), "26%", 0.256),
        (metric_cell("accuracy", 0.98765), "98.8%", 0.98765),
        (metric_cell("r2", -INF), "worst", -INF),
        (setting_cell(1e-5), "1e-05", 1e-5),
        (setting_cell((0.1, 0.01)), "0.1, 0.01", 0.1),
    ],
)
def test_cells_show_text_and_keep_all_digits(cell, text, value):
    assert str(cell) == text
    assert cell.value == value or (value is None and cell.value != cell.value)


@pytest.mark.parametrize("setting", ["relu", True, None, (), ("a", 1)])
def test_settings_that_are_no_numbers_are_text(setting):
    assert isinstance(setting_cell(setting), str)


def test_link_keeps_its_address_with_broken_words():
    parsed = table([[Link("run", "x/y"), "long " * 10]], pinned=1)

    assert parsed.rows[0][0].href == "x/y"
    assert [cell.classes for cell in parsed.rows[0]] == ["", "pinned words"]
    assert [column.pinned for column in parsed.columns] == [False, True]


def test_numbers_stand_right_with_unbroken_intervals():
    cells = [Number("97.9% (97.1 to 98.2)", 0.979), Number("0.01 (64%), 0.003 (36%)", 0.01)]
    parsed = table([[cell, str(cell)] for cell in cells])

    assert [column.classes for column in parsed.columns] == ["pinned number", ""]
    assert [row[0].text.split(" ") for row in parsed.rows] == [
        ["97.9%", "(97.1\xa0to\xa098.2)"], ["0.01\xa0(64%),", "0.003\xa0(36%)"],
    ]  # fmt: skip
    assert [row[1].text for row in parsed.rows] == [str(cell) for cell in cells]
