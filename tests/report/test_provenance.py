from dataclasses import replace
from urllib.parse import quote

import pytest

from nnbench.pages import Link
from nnbench.report import Question, outline
from nnbench.report.analysis.findings import find
from nnbench.report.outline import make_sections

from .runs import Curves, run, table, texts

pytestmark = pytest.mark.usefixtures("undrawn")

UI = "http://127.0.0.1:5000/#/experiments/7/runs/{run_id}?view"
QUESTION = Question("trial", ("depth",), (), "report", sections=outline({}))
VERSIONS = {"nnbench": "0.1.0", "engine": "5", "python": "3.11", "numpy": "2.4", "scipy": "1.17"}


def section(runs, **question):
    findings = find(runs, Curves(runs), replace(QUESTION, **question))
    return next(
        made_section
        for made_section in make_sections(findings)[0]
        if made_section.slug == "provenance"
    )


def tables(section):
    return {table.name: table for table in section.tables}


def depths(**changes):
    return [run(s, d, **changes) for d in (1, 3) for s in range(2)]


def test_runs_link_to_ui_and_fill_the_file():
    runs = table(*(run(s, d, lr=lr) for d in (1, 3) for lr in (0.1, 0.2) for s in range(40)))

    shown = tables(section(runs, ui=UI))["runs"]

    assert shown.folded
    assert len(shown.rows) == 50
    assert len(shown.data) == 160
    assert shown.data["compared"].tolist() == [True] * 80 + [False] * 80
    first, run_id = shown.rows[0][0], shown.data["run_id"][0]
    assert first == Link(run_id[:8], UI.replace("{run_id}", quote(run_id)))


def test_without_a_ui_there_are_no_links():
    shown = tables(section(table(*depths())))["runs"]

    assert not any(isinstance(cell, Link) for row in shown.rows for cell in row)


def test_the_command_that_serves_the_ui_is_named():
    assert section(table(*depths()), ui=UI, ui_command="nnbench ui").commands == ["nnbench ui"]
    assert section(table(*depths()), ui="https://mlflow.example").commands == []


def test_versions_are_those_of_the_sweeps():
    newer = {**VERSIONS, "engine": "6"}
    runs = table(run(0, 1, sweep="a"), run(1, 1, sweep="a"), run(0, 3, sweep="b"),
                 run(1, 3, sweep="c"))  # fmt: skip

    text = section(runs, versions={"a": VERSIONS, "b": newer, "c": {}}).text

    assert text[0] == (
        "2 runs trained with nnbench 0.1.0, its engine 5, Python 3.11, NumPy 2.4, SciPy 1.17."
    )
    assert text[1].startswith("1 run trained with nnbench 0.1.0, its engine 6")
    assert text[2] == "Versions of 1 run were not stored."


def test_data_are_known_by_their_fingerprints():
    same = section(table(*depths(digest="ab12", rows=150), run(9, 1, digest="", rows=None)))
    changed = section(table(*depths(digest="ab12", rows=150), run(9, 1, digest="cd", rows=151)))

    assert texts(tables(same)["data"]) == [["digits", "150", "ab12", "4"]]
    assert not any("Take care" in text for text in same.text)
    assert tables(changed)["data"].data["runs"].tolist() == [4, 1]
    assert any("2 different fingerprints" in text for text in changed.text)
    assert "data" not in tables(section(table(*depths())))
