"""Tables as people and spreadsheets write them."""

import csv

import numpy as np
import pytest

from nnbench.data import csv_files
from nnbench.run.errors import ConfigError
from tests.data.test_files import empty as empty
from tests.data.test_files import loaded, refused
from tests.data.test_files import written as written


def table(header, row, rows=60):
    return header + "\n" + "".join(f"{row(i)}\n" for i in range(rows))


MARKS = table(
    "laenge;breite;art", lambda i: f"{i // 100},{i % 100:02d};{i % 7},5;{'abc'[i % 3]}", 120
)
PLAIN = table("a,b,y", lambda i: f"{i * 3 % 7},{i * 5 % 9},{i % 2}")


@pytest.mark.parametrize("option", [{}, {"decimal": ","}])
def test_decimal_commas_are_numbers(written, option):
    data = loaded(written(MARKS), "art", separator=";", **option)

    assert data.x.shape == (120, 2)
    np.testing.assert_allclose(data.x[:, 0], np.arange(120) / 100)
    assert ("laenge, breite: text that is all numbers" in data.note) == (not option)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (lambda i: f"1_{i:03d}", lambda i: 1000 + i),
        (lambda i: f'"{i + 1},000"', lambda i: 1000 * (i + 1)),
        (lambda i: f"${i}.50", lambda i: i + 0.5),
        (lambda i: f"{i}%", lambda i: i),
        (lambda i: f"1970-01-{1 + i % 28:02d}", lambda i: i % 28),
        (lambda i: " " if i == 3 else i, lambda i: np.nan if i == 3 else i),
        (lambda i: ("True", "false", "")[i % 3], lambda i: (1, 0, np.nan)[i % 3]),
    ],
)
def test_numeric_or_date_text_is_one_input(written, monkeypatch, cell, value):
    monkeypatch.setattr(csv_files, "ROWS", 7)
    data = loaded(written(table("a,y", lambda i: f"{cell(i)},{i % 2}")), "y")

    np.testing.assert_array_equal(data.x[:, 0], [value(i) for i in range(60)])
    assert data.x.shape[1] == 1


def test_thousands_may_be_said(written):
    path = written(table("a,y", lambda i: f'"{i + 1},000",{i % 2}'))

    data = loaded(path, "y", thousands=",")
    np.testing.assert_array_equal(data.x[:, 0], 1000 * np.arange(1, 61))


def test_a_number_as_target_has_its_marks(written):
    data = loaded(written(table("x,y", lambda i: f'{i % 7},"${i + 1},000.50"')), "y")

    np.testing.assert_array_equal(data.y[:, 0], 1000 * np.arange(1, 61) + 0.5)


def test_booleans_with_gaps_are_one_type(written):
    train = written(table("member,y", lambda i: f"{i % 4 < 2},{i % 2}"))
    test = written(table("member,y", lambda i: f"{('True', 'False', '')[i % 3]},{i % 2}"), "t.csv")

    data = loaded(train, "y", test_path=test)

    np.testing.assert_array_equal(data.x[:4, 0], [1, 1, 0, 0])
    np.testing.assert_array_equal(data.x[60:63, 0], [1, 0, np.nan])


@pytest.mark.parametrize("first", ["", '""', "Unnamed: 0"])
@pytest.mark.parametrize("number", [lambda i: i, lambda i: i + 1, lambda i: i * 37 % 61])
def test_nameless_row_numbers_are_left_out_and_noted(written, first, number):
    text = table(f"{first},noise,kind", lambda i: f"{number(i)},{i * i % 11},{'ab'[i // 30]}")
    data = loaded(written(text), "kind", test_path=written(text, "t.csv"))

    np.testing.assert_array_equal(data.x[:60, 0], np.arange(60) ** 2 % 11)
    assert data.x.shape[1] == 1
    assert "left out, a column without a name that numbers the rows: Unnamed: 0" in data.note


def test_column_without_a_name_that_says_something_stays(written):
    assert loaded(written(table(",x,y", lambda i: f"{i % 5},{i % 7},{i % 2}")), "y").x.shape[1] == 2


def test_a_column_that_counts_the_rows_is_named(written):
    data = loaded(written(table("id,y", lambda i: f"{i + 1},{i % 2}")), "y")

    assert "id numbers the rows; dataset.drop=[id] removes it" in data.note


def test_cells_may_be_of_any_length(written):
    limit = csv.field_size_limit()
    bodies = ["word " * 40_000 if i == 7 else "a b" for i in range(60)]
    text = table("body,spam,score", lambda i: f"{bodies[i]},{i % 2},{i if i % 5 else ''}")
    data = loaded(written(text), "spam", text="body", text_features=8)

    assert data.x.shape == (60, 9)
    assert csv.field_size_limit() == limit


def test_surrounding_space_belongs_to_no_name_or_word(written):
    rows = table("age, job, income", lambda i: f"{i % 9}, {'xy'[i % 2]},{i % 3}")
    data = loaded(written(rows), "income")

    assert (data.x.shape, data.class_names) == ((60, 3), ("0", "1", "2"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAIN.replace(",", ";"), "with \"dataset.separator=';'\" there is one"),
        (PLAIN.replace(",", "\t"), "with \"dataset.separator='\\t'\" there is one"),
        ("Report 2024\n" + PLAIN, "with dataset.skip_rows=1 there is one"),
        ("Report 2024,,\n,,\n" + PLAIN, "with dataset.skip_rows=2 there is one"),
        ("sep=;\n" + PLAIN.replace(",", ";"), "\"dataset.separator=';'\" dataset.skip_rows=1"),
        ("# from a tool\n# today\n" + PLAIN, "with dataset.skip_rows=2 there is one"),
    ],
)
def test_the_option_that_reads_a_file_is_named(empty, text, message):
    (empty / "data.csv").write_text(text)
    answer = refused("dataset=csv", "dataset.path=data.csv", "dataset.target=y")

    assert answer.startswith("dataset.target=y: no such column")
    assert message in answer


@pytest.mark.parametrize(
    "text",
    [
        *(PLAIN.replace("\n", end) for end in ("\r\n", "\r", "\n\n", ",\n")),
        PLAIN.replace("\n", "\r\n", 9),
        "\n\n" + PLAIN,
        "\ufeff" + PLAIN,
    ],
)
def test_line_ends_and_trailing_separators_change_nothing(written, tmp_path, text):
    (tmp_path / "other.csv").write_bytes(text.encode())

    expected = loaded(written(PLAIN), "y").fingerprint
    assert loaded(tmp_path / "other.csv", "y").fingerprint == expected


def test_lines_above_the_header_are_skipped(written):
    data = loaded(written('"Report\nof 2024"\n\n' + PLAIN), "y", skip_rows=3)

    assert data.fingerprint == loaded(written(PLAIN, "p.csv"), "y").fingerprint
    with pytest.raises(ConfigError, match="expected 3 cells in line 3, found 1"):
        loaded(written("x\na,b,y\n7\n" + "1,2,0\n" * 9), "y", skip_rows=1)


def test_words_that_are_missing_can_be_said(written):
    classes = written(table("x,y", lambda i: f"{i % 7},{('NA', 'None', 'x')[i % 3]}"))
    with pytest.raises(
        ConfigError, match=r"40 of 60 rows have no target; remove these rows, or .*missing=\[\]"
    ):
        loaded(classes, "y")
    assert loaded(classes, "y", missing=[]).class_names == ("NA", "None", "x")

    rows = table("hp,y", lambda i: f"{' ?' if i in (5, 50) else 40 + i},{i % 2}")
    horses = written(rows, "h.csv")
    hint = "\"dataset.missing=['?']\" takes what is no number in hp for missing"
    assert hint in loaded(horses, "y").note
    data = loaded(horses, "y", missing=["?"])
    expected = np.where(np.isin(np.arange(60), (5, 50)), np.nan, 40 + np.arange(60))
    np.testing.assert_array_equal(data.x[:, 0], expected)
    np.testing.assert_array_equal(
        loaded(horses, "y", missing=["?", "-999", "41"]).x[:2, 0], [40, np.nan]
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (lambda i: f"P{i}", "a has 60 different words in 60 rows; dataset.text=a takes them for"),
        (lambda i: f"{1 + i % 28:02d}.{1 + i % 12:02d}.2024", "a has dates; written as 2024-01-31"),
        (lambda i: f'"{i},5"', "a is numbers with \"dataset.decimal=','\""),
        (lambda i: 2**60 + i * 7 % 101, "a: whole numbers beyond 2^53, rounded to floats"),
    ],
)
def test_what_trains_but_is_hardly_meant_is_said(written, row, message):
    assert message in loaded(written(table("a,y", lambda i: f"{row(i)},{i % 2}")), "y").note


def test_cure_is_named_where_words_are_too_many(written):
    text = table("a,y", lambda i: f"{'?' if i == 9 else i},{i % 2}", 1500)
    with pytest.raises(ConfigError, match=r"1,500 different words.*dataset.missing=\['\?'\]"):
        loaded(written(text), "y")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("decimal", "xx", "decimal=xx: must be one character"),
        ("decimal", "5", "decimal=5: must be one character"),
        ("thousands", ".", "thousands=.: must be another character than decimal"),
        ("skip_rows", -1, "skip_rows=-1: must be a whole number, 0 or more"),
        ("missing", "x", "missing=x: must be a list of words"),
        ("encoding", "utf-99", "encoding=utf-99: must be an encoding that Python knows"),
    ],
)
def test_options_are_checked(written, option, value, message):
    with pytest.raises(ConfigError, match=f"dataset.{message}"):
        loaded(written(PLAIN), "y", **{option: value})


def test_a_wrong_encoding_is_said_with_the_option(tmp_path):
    text = table("长度,种类", lambda i: f"{i},{'猫狗'[i % 2]}")
    (tmp_path / "pets.csv").write_bytes(text.encode("gbk"))
    with pytest.raises(ConfigError, match=r"must be text in UTF-8; dataset\.encoding="):
        loaded(tmp_path / "pets.csv", "种类")

    data = loaded(tmp_path / "pets.csv", "种类", encoding="gbk")

    assert (data.name, data.class_names) == ("pets", ("狗", "猫"))


def test_no_target_is_no_column_without_a_name(empty):
    (empty / "data.csv").write_text("a,,b\n1,2,3\n4,5,6\n")
    answer = refused("dataset=csv", "dataset.path=data.csv", "dataset.target=")
    assert "must be one of" in answer
    assert "there is one" not in answer
