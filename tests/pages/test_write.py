"""Files of a page, and what names that are attacks become in them."""

import csv
import json
import os
import re
import signal
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from nnbench.pages import write
from nnbench.safety.sanitize import UNSAFE, in_line, in_lines
from nnbench.system.interrupt import EndedError, signals_raise

from .samples import HOSTILE, LONG, answer_by_hand, write_by_hand

TAGS = {"h1", "h2", "ul", "li", "p", "code", "pre", "table", "thead", "tbody", "tr", "th", "td",
        "details", "summary", "img", "hr", "a"}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(hostile_report):
    return hostile_report.page.parent


class Elements(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def rendered(file):
    return Elements(
        MarkdownIt("commonmark", {"html": True}).enable("table").render(file.read_text())
    )


def in_a_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("file", ["README.md", "evidence.md"])
def test_names_are_no_markup_in_markdown(hostile, file):
    parsed = rendered(hostile / file)

    assert {tag for tag, _ in parsed.elements} <= TAGS
    for _tag, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for place in ("href", "src"):
            assert re.fullmatch(
                r"(figures|tables)/[\w-]+\.(svg|csv)|evidence\.md|report\.json",
                attributes.get(place, "tables/x.csv"),
            )
    headings = [tag for tag, _ in parsed.elements if tag in ("h1", "h2")]
    assert headings.count("h1") == 1


def test_names_are_shown_in_full_in_the_evidence(hostile):
    line = in_a_line(rendered(hostile / "evidence.md").text)
    for name in HOSTILE:
        assert in_line(in_a_line(name)) in line
    # Every row of a table has as many cells as its head.
    assert len(re.findall(r"^\|", (hostile / "evidence.md").read_text(), re.M)) > 40


def test_names_are_no_markup_in_a_page(hostile):
    page = (hostile / "index.html").read_text()
    parsed = Elements(page)

    assert [tag for tag, _ in parsed.elements if tag in ("script", "img", "b", "iframe")] == [
        "script"
    ] * 2
    assert not [
        name for _tag, attributes in parsed.elements for name in attributes if name.startswith("on")
    ]


def test_no_file_has_command_to_terminal_or_spreadsheet(hostile):
    files = [file for file in hostile.rglob("*.*") if file.is_file()]
    assert {file.suffix for file in files} == {".html", ".md", ".svg", ".csv", ".json"}
    for file in files:
        # Scripts are the page's own.
        text = re.sub("<script.*?</script>", "", file.read_text(), flags=re.S)
        assert set(UNSAFE.findall(text)) <= {"\n"}, file
    cells = [
        cell
        for file in hostile.rglob("*.csv")
        for row in csv.reader(file.read_text().splitlines(keepends=True))
        for cell in row
    ]
    for cell in cells:
        assert cell[:1] not in tuple("=@+-\t\r") or re.fullmatch(r"-?[\d.e-]+|-inf", cell)
    assert sum(cell.startswith(("'=", "'@")) for cell in cells) > 10


DRAWN = {"svg", "g", "rect", "path", "text", "tspan", "line", "defs", "clipPath"}
DRAWN |= {"linearGradient", "stop"}


def test_names_are_no_markup_in_a_picture(hostile):
    for file in (hostile / "figures").glob("*.svg"):
        tags = {element.tag.rpartition("}")[2] for element in ET.parse(file).iter()}
        assert tags <= DRAWN


def test_link_is_one_in_both_pages(tmp_path):
    page, readme = write_by_hand(tmp_path)

    parsed = rendered(readme)
    links = [attributes["href"] for tag, attributes in parsed.elements if tag == "a"]
    assert links[:3] == [
        "http://127.0.0.1:5000/#/runs/a", "runs/c?x=1&y=%282%29%7C3",
        "https://mlflow.example/" + LONG[0],
    ]  # fmt: skip
    assert HOSTILE[1] in parsed.text
    assert (
        '<a href="runs/c?x=1&amp;y=(2)|3" rel="noopener noreferrer">run c</a>' in page.read_text()
    )


def test_data_for_machines_comes_and_goes_with_page(tmp_path):
    data = {name: [float("nan"), {"x": name}] for name in HOSTILE}
    write_by_hand(tmp_path, data=data)

    file = tmp_path / "report.json"
    assert json.loads(file.read_text(), parse_constant=pytest.fail) == {
        name: [None, {"x": name}] for name in HOSTILE
    }
    assert "[report.json](report.json)" in (tmp_path / "README.md").read_text()
    assert 'href="report.json"' in (tmp_path / "index.html").read_text()

    write_by_hand(tmp_path)
    assert not file.exists()


def test_unwritable_data_leave_the_page_unchanged(tmp_path):
    write_by_hand(tmp_path, title="First")
    with pytest.raises(TypeError):
        write_by_hand(tmp_path, title="Second", data={"x": object()})

    assert "First" in (tmp_path / "index.html").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md",
        "figures",
        "index.html",
        "tables",
    ]


class Cut(BaseException):
    """Stands for a signal."""


@pytest.mark.parametrize("there", [False, True])
def test_interrupted_page_leaves_nothing_or_the_former(there, tmp_path, monkeypatch):
    directory = tmp_path / "reports" / "mine"
    if there:
        write_by_hand(directory, title="First", data={"x": 1})
    before = sorted(tmp_path.rglob("*"))

    def cut(*_, **__):
        raise Cut

    for place in ("as_json", "render", "put_in_place"):
        with monkeypatch.context() as patch:
            patch.setattr(write, place, cut)
            with pytest.raises(Cut):
                write_by_hand(directory, title="Second", data={"x": 1})
        assert sorted(tmp_path.rglob("*")) == before


def test_signal_is_obeyed_after_files_are_placed(tmp_path, monkeypatch):
    write_by_hand(tmp_path, title="First", data={"x": 1})
    replace = os.replace

    def replace_and_end(*names):
        signal.raise_signal(signal.SIGTERM)
        replace(*names)

    monkeypatch.setattr(os, "replace", replace_and_end)
    with signals_raise(), pytest.raises(EndedError, match="SIGTERM"):
        write_by_hand(tmp_path, title="Second")

    assert "Second" in (tmp_path / "index.html").read_text()
    assert "Second" in (tmp_path / "README.md").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md", "figures", "index.html", "tables",
    ]  # fmt: skip


def test_the_readme_comes_last(tmp_path, monkeypatch):
    """README.md lists the files, so that those of an earlier page go even after a kill."""
    write_by_hand(tmp_path, title="First", data={"x": 1})
    replace, names = os.replace, []

    def listed(source, target):
        names.append((target.name, (tmp_path / "report.json").exists()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", listed)
    write_by_hand(tmp_path, title="Second")
    assert names[-1] == ("README.md", False)
    assert names[0][1]


def test_figure_says_what_is_to_be_seen(tmp_path):
    page, readme = write_by_hand(tmp_path)

    assert "![Lines that rise.](figures/lines.svg)" in readme.read_text()
    assert '<figure aria-label="Lines that rise.">' in page.read_text()


@pytest.mark.parametrize("name", HOSTILE)
def test_answer_is_the_heading_and_no_markup(name, tmp_path):
    parsed = Elements(write_by_hand(tmp_path, **answer_by_hand(name, name))[0].read_text())

    ids = {attributes.get("id") for _, attributes in parsed.elements}
    assert {"page-answer", "page-evidence", "page-provenance", "caveats"} <= ids
    tags = [tag for tag, _ in parsed.elements]
    assert tags.count("h1") == tags.count("title") == 1
    assert (tags.count("script"), tags.count("img"), tags.count("b")) == (2, 0, 0)
    # In the tab, as the question, and as the answer.
    assert parsed.text.count(in_lines(name)) >= 3


def test_command_to_run_next_is_before_the_charts(tmp_path):
    page = write_by_hand(tmp_path, **answer_by_hand("It is.", "By hand"))[0].read_text()
    following = '<p class="next">Run next: <code>python -m nnbench params=1000,5000</code></p>'
    assert page.index(following) < page.index("<figure")


def test_page_without_answer_is_one(tmp_path):
    page = write_by_hand(tmp_path)[0].read_text()

    assert "<h1>By hand</h1>" in page
    assert "<li>It is so.</li>" in page
    assert 'id="page-' not in page
    assert 'id="tabs"' not in page


def test_tables_name_their_rows_and_columns(tmp_path):
    elements = Elements(write_by_hand(tmp_path)[0].read_text()).elements

    scopes = [attributes.get("scope") for tag, attributes in elements if tag == "th"]
    assert scopes == ["col"] * 5 + ["row"] * 4


def test_page_allows_no_script_but_its_own(tmp_path):
    page = write_by_hand(tmp_path)[0].read_text()

    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)[1]
    assert re.search(r"script-src 'sha256-[\w+/=]{44}' 'sha256-[\w+/=]{44}';", policy)
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe" not in policy


@pytest.mark.parametrize("link", ["reports", "reports/x", "reports/x/figures", "reports/x/tables"])
def test_nothing_is_written_where_a_link_leads(link, tmp_path, monkeypatch):
    """Nor removed: the README there lists the page's own figures."""
    monkeypatch.chdir(tmp_path)
    victim = tmp_path / "victim"
    victim.mkdir()
    for name in ("README.md", "x.svg"):
        (victim / name).write_text("(figures/x.svg)")
    place = tmp_path / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(victim)
    with pytest.raises(OSError, match=f"{link} is a link"):
        write_by_hand(Path("reports", "x"))
    assert sorted(os.listdir(victim)) == ["README.md", "x.svg"]


@pytest.mark.parametrize("kind", ["link", "pipe", "bytes"])
def test_whatever_lies_in_place_of_readme_is_replaced(kind, tmp_path):
    readme, victim = tmp_path / "README.md", tmp_path / "victim"
    victim.write_text("(figures/gone.svg)")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "gone.svg").write_text("mine")
    {
        "link": lambda: readme.symlink_to(victim),
        "pipe": lambda: os.mkfifo(readme),
        "bytes": lambda: readme.write_bytes(b"\xff\xfe"),
    }[kind]()
    write_by_hand(tmp_path)
    assert victim.read_text() == "(figures/gone.svg)"
    assert (tmp_path / "figures" / "gone.svg").exists()
    assert "report" in readme.read_text() or readme.read_text().startswith("#")
