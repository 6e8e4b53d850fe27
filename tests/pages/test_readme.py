"""README.md of a page with an answer, beside evidence.md with everything."""

import pandas as pd
import pytest
import vl_convert

from nnbench.pages import Answer, Caveat, Page, Section, Table, write_page
from nnbench.pages.figures import Figure, chart
from nnbench.pages.readme import MOST_EVIDENCE, MOST_FIGURES, MOST_ROWS, MOST_TABLES


def table_of(name, rows):
    data = pd.DataFrame({"depth": range(rows)})
    return Table(name, ["depth"], [[f"row {i} of {name}"] for i in range(rows)], data, ["A note."])


def figure_of(name):
    panel = chart(pd.DataFrame({"x": [1.0], "y": [2.0]})).mark_point().encode(x="x:Q", y="y:Q")
    return Figure(name, f"Caption of {name}.", [panel])


@pytest.fixture
def large(monkeypatch, tmp_path):
    """The directory of a page that has more of everything than a README.md."""
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda specification: "<svg/>")
    caveats = tuple(Caveat(f"It may change {i}.", "python x\npython y\npython z") for i in range(5))
    first = Section(
        "answer", "Answer",
        tables=[table_of(f"answer{i}", MOST_ROWS + 5) for i in range(MOST_TABLES + 3)],
        figures=[figure_of(f"forest{i}") for i in range(MOST_FIGURES + 2)],
        page="answer",
    )  # fmt: skip
    evidence = [
        Section(f"s{i}", f"Section {i}", ["Words."], tables=[table_of(f"t{i}", 40)],
                figures=[figure_of(f"f{i}"), figure_of(f"g{i}")])
        for i in range(MOST_EVIDENCE + 6)
    ]  # fmt: skip
    page = Page("Is it?", "trial", (), [first, *evidence], "By hand.", "python r\n" * 3, {"a": 1},
                Answer("It is.", ("One.", "Two.", "Three."), caveats))  # fmt: skip
    write_page(page, tmp_path)
    return tmp_path


def test_readme_has_less_than_150_lines(large):
    lines = (large / "README.md").read_text().splitlines()
    assert len(lines) < 150
    assert lines[0] == "Is it?"
    assert lines[2] == "# It is."
    assert "- Three." in lines
    assert "      python y" in lines
    assert f"| row {MOST_ROWS - 1} of answer0 |" in lines
    assert f"| row {MOST_ROWS} of answer0 |" not in lines
    assert f"The first {MOST_ROWS} of {MOST_ROWS + 5} rows." in " ".join(lines)


def test_evidence_has_everything_and_is_linked(large):
    assert "(evidence.md)" in (large / "README.md").read_text()
    text = (large / "evidence.md").read_text()
    for file in [*large.glob("tables/*"), *large.glob("figures/*")]:
        assert f"({file.parent.name}/{file.name})" in text


def test_page_without_an_answer_removes_the_evidence(large):
    write_page(Page("By hand", "trial", ["So."], [], "By hand.", "python r"), large)

    assert sorted(path.name for path in large.rglob("*.*")) == ["README.md", "index.html"]
