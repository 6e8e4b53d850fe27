import pandas as pd

from nnbench.pages import Table
from nnbench.report.outline import MOST_ROWS, bounded


def numbers(count):
    data = pd.DataFrame({"n": range(count)})
    return Table("numbers", ["n"], [[str(n)] for n in data["n"]], data, ["A note."])


def test_a_page_shows_only_so_many_rows_and_the_file_has_all():
    table = bounded(numbers(MOST_ROWS + 1))

    assert len(table.rows) == MOST_ROWS
    assert len(table.data) == MOST_ROWS + 1
    assert table.notes == ["The first 300 of 301 rows.", "A note."]
    assert table.folded


def test_a_short_table_is_left_alone():
    table = numbers(MOST_ROWS)

    assert bounded(table) is table
