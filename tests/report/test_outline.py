"""Selection of a report's sections."""

import re

import pandas as pd
import pytest

from nnbench.options import catalogue
from nnbench.pages import Table
from nnbench.report import outline
from nnbench.report.outline import MOST_ROWS, bounded
from nnbench.run.errors import ConfigError

from .runs import TABLES, report

pytestmark = pytest.mark.usefixtures("undrawn")

OWN = "tests.report.own_sections"


def test_every_file_is_a_section_by_place():
    sections = outline({})

    assert set(sections) == set(catalogue.names("section"))
    places = [section.option("place") for section in sections.values()]
    assert places == sorted(places)
    assert next(iter(sections)) == "answer"


def test_null_leaves_one_out(tmp_path):
    sections = outline({"curves": None, "layers": None})

    assert list(sections) == [name for name in outline({}) if name not in ("curves", "layers")]
    page = (
        report(TABLES["one seed"], tmp_path, sections=sections)
        .readme.with_name("evidence.md")
        .read_text()
    )
    assert "Learning curves" not in page
    assert "Each value beside its reference" in page


def test_section_of_the_users_own_has_its_place(tmp_path):
    own = {"mine": {"_target_": f"{OWN}.make", "greeting": "good day"}}
    sections = outline(own)

    readme = (
        report(TABLES["one seed"], tmp_path, sections=sections)
        .readme.with_name("evidence.md")
        .read_text()
    )

    assert "good day: 2 runs" in readme
    order = [readme.index(title) for title in ("beside its reference", "My own view", "can't show")]
    assert order == sorted(order)
    for place in (0, 0.5, -3):
        assert next(iter(outline({"mine": {**own["mine"], "place": place}}))) == "mine"


def test_a_section_can_be_moved_or_replaced():
    assert next(iter(outline({"method": {"place": 1}}))) == "method"
    replaced = outline({"curves": {"_target_": f"{OWN}.make"}})["curves"]
    assert replaced.target == f"{OWN}.make"


def test_a_section_may_have_nothing_to_say(tmp_path):
    sections = outline({"mine": {"_target_": f"{OWN}.nothing"}})

    assert (
        "mine"
        not in report(TABLES["one seed"], tmp_path, sections=sections)
        .readme.with_name("evidence.md")
        .read_text()
    )


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"curve": None}, "sections.curve=null: no such section; there are across, answer, "),
        ({"mine": {}}, "sections.mine={}: must be null, which leaves the section out, or "),
        ({"mine": 3}, "sections.mine=3: must be null, which leaves the section out, or "),
        ({"curves": "off"}, "sections.curves=off: must be null, which leaves the section out, or "),
        ({"mine": {"_target_": "no.such"}}, "sections.mine._target_=no.such: not found: "),
        (
            {"mine": {"_target_": f"{OWN}.not_callable"}},
            f"sections.mine._target_={OWN}.not_callable: must be a class or function",
        ),
        ({"curves": {"place": "first"}}, "sections.curves.place=first: must be a number"),
    ],
)
def test_a_section_that_cannot_be_is_refused(own, line):
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}") as refused:
        outline(own)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"_target_": f"{OWN}.nonsense"}, f"sections.mine._target_={OWN}.nonsense: must return a "),
        ({"_target_": f"{OWN}.broken"}, f"sections.mine={OWN}.broken: KeyError: "),
        ({"_target_": f"{OWN}.make", "colour": 1}, "sections.mine"),
    ],
)
def test_section_that_fails_is_error_in_one_line(options, line, tmp_path):
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}") as refused:
        report(TABLES["one seed"], tmp_path, sections=outline({"mine": options}))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "reports").exists()


def numbers(count):
    data = pd.DataFrame({"n": range(count)})
    return Table("numbers", ["n"], [[str(n)] for n in data["n"]], data, ["A note."])


def test_page_cuts_rows_and_the_file_has_all():
    table = bounded(numbers(MOST_ROWS + 1))

    assert len(table.rows) == MOST_ROWS
    assert len(table.data) == MOST_ROWS + 1
    assert table.notes == ["The first 300 of 301 rows.", "A note."]
    assert table.folded


def test_a_short_table_is_left_alone():
    table = numbers(MOST_ROWS)

    assert bounded(table) is table
