"""A gallery of reports: what it copies, writes and leaves alone."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from nnbench.pages import gallery, write_page
from nnbench.pages.gallery import BEGIN, END, write_gallery
from nnbench.run.errors import ConfigError

from .samples import HOSTILE, answer_by_hand, page_by_hand


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Writes a report whose report.json has a question and a headline; each once."""
    folder, written = tmp_path_factory.mktemp("reports"), {}

    def report(name, question="Deep, or not?", headline="Depth 3 is better than depth_1."):
        if name not in written:
            page = page_by_hand(**answer_by_hand(headline, question))
            data = {"question": {"title": question}, "answer": {"headline": headline}}
            write_page(replace(page, data=data), folder / name)
            written[name] = folder / name
        return written[name]

    return report


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def values(self, tag, name):
        return [attributes.get(name) for kind, attributes in self.elements if kind == tag]


def test_each_report_has_a_card(reports, tmp_path):
    cards = write_gallery(tmp_path, [reports("two_words"), reports("深 度")])

    page = Page((tmp_path / "index.html").read_text("utf-8"))
    assert [card.name for card in cards] == ["two_words", "深 度"]
    assert page.values("a", "href") == [
        "two_words/index.html", "%E6%B7%B1%20%E5%BA%A6/index.html"
    ]  # fmt: skip
    assert page.values("img", "src")[0] == "two_words/figures/forest.svg"
    assert page.text.count("Deep, or not?") == page.text.count("Depth 3 is better") == 2
    assert not page.values("script", "src")


def test_pages_share_one_script(reports, tmp_path):
    write_gallery(tmp_path, [reports("a"), reports("b")])

    whole = (reports("a") / "index.html").read_text("utf-8")
    shared = (tmp_path / "a" / "index.html").read_text("utf-8")
    script = (tmp_path / "assets" / "charts.js").read_text("utf-8")
    assert Page(shared).values("script", "src")[0] == "../assets/charts.js"
    assert script in whole
    assert len(shared) < len(whole) - len(script) + 100
    assert shared.count("'self'") == 1
    assert whole.count("'self'") == 0
    # What has nothing to be done is not done again.
    write_gallery(tmp_path)
    assert (tmp_path / "a" / "index.html").read_text("utf-8") == shared


def test_a_report_is_copied_whole_and_alone(reports, tmp_path):
    report = reports("a")
    (report / "notes.txt").write_text("private")
    (report / "figures" / "link.svg").symlink_to("/etc/passwd")
    folder = tmp_path / "gallery"
    (folder / "a" / "figures").mkdir(parents=True)
    (folder / "a" / "figures" / "stale.svg").write_text("old")
    (folder / "a" / "mine.txt").write_text("mine")

    write_gallery(folder, [report])

    names = {path.relative_to(folder / "a").as_posix() for path in (folder / "a").rglob("*.*")}
    assert {"README.md", "evidence.md", "report.json", "index.html", "mine.txt"} <= names
    assert "figures/forest.svg" in names
    assert not {"notes.txt", "figures/link.svg", "figures/stale.svg"} & names
    (report / "figures" / "link.svg").unlink()


def test_readme_rows_stand_between_marks(reports, tmp_path):
    old = "### [old](old/README.md): An earlier one?\n\nNobody knows."
    (tmp_path / "README.md").write_text(f"# Mine\n\n{BEGIN}\n\n{old}\n\n{END}\n\nThe end.\n")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "report.json").write_text("{}")

    for _ in range(2):
        write_gallery(tmp_path, [reports("a")])
        assert (tmp_path / "README.md").read_text("utf-8") == (
            f"# Mine\n\n{BEGIN}\n\n{old}\n\n"
            "### [a](a/README.md): Deep, or not?\n\n![Chart: Deep, or not?](a/figures/forest.svg)"
            f"\n\nDepth 3 is better than depth_1.\n\n{END}\n\nThe end.\n"
        )


def test_order_of_the_readme_is_kept(reports, tmp_path):
    write_gallery(tmp_path, [reports("b")])
    cards = write_gallery(tmp_path, [reports("a")])
    assert [card.name for card in cards] == ["b", "a"]


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_a_report_are_no_markup(text, reports, tmp_path):
    report = tmp_path / "x"
    (report / "figures").mkdir(parents=True)
    (report / "figures" / "forest.svg").write_text("<svg/>")
    data = {"question": {"title": text}, "answer": {"headline": text}}
    (report / "report.json").write_text(json.dumps(data))

    write_gallery(tmp_path / "g", [report])

    page = Page((tmp_path / "g" / "index.html").read_text("utf-8"))
    readme = MarkdownIt("commonmark").render((tmp_path / "g" / "README.md").read_text("utf-8"))
    for content in (page, Page(readme)):
        tags = {tag for tag, _ in content.elements}
        assert not {"script", "iframe", "b"} & tags
        assert content.values("a", "href")[0].startswith("x/")
        assert len(content.values("a", "href")) == len(content.values("img", "src")) == 1
        assert not any(name.startswith("on") for _, own in content.elements for name in own)
        assert "\x1b" not in content.text
        assert "\u202e" not in content.text


def test_other_folders_are_refused_before_anything(reports, tmp_path):
    for content, reason in (
        (None, "has no readable"),
        ("{", "is no valid JSON"),
        ("[]", "is none of nnbench's"),
        ('{"question": {"title": "a"}}', "has no answer"),
    ):
        report = tmp_path / "report"
        report.mkdir(exist_ok=True)
        if content is not None:
            (report / "report.json").write_text(content)
        with pytest.raises(ConfigError, match=reason) as error:
            write_gallery(tmp_path / "gallery", [reports("a"), report])
        assert len(str(error.value).splitlines()) == 1
    assert not (tmp_path / "gallery").exists()


def test_a_page_of_another_version_is_named(reports, tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "chart_library", lambda: "another")
    with pytest.raises(ConfigError, match="was written by another version"):
        write_gallery(tmp_path / "g", [reports("a")])
    assert not (tmp_path / "g").exists()


def test_page_of_another_version_is_named_first(reports, tmp_path):
    write_gallery(tmp_path, [reports("b")])
    before = (tmp_path / "README.md").read_text("utf-8")
    (tmp_path / "b" / "index.html").write_text("<p>older</p>")

    with pytest.raises(ConfigError, match="was written by another version"):
        write_gallery(tmp_path, [reports("a")])

    assert not (tmp_path / "a").exists()
    assert (tmp_path / "README.md").read_text("utf-8") == before
    # One that is replaced may be of any version.
    assert len(write_gallery(tmp_path, [reports("b")])) == 1


@pytest.mark.parametrize("name", ["README.md", "b/index.html"])
def test_other_than_text_is_named_before_anything(name, reports, tmp_path):
    write_gallery(tmp_path, [reports("b")])
    (tmp_path / name).write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match="must be text in UTF-8"):
        write_gallery(tmp_path, [reports("a")])

    assert (tmp_path / name).read_bytes() == b"\xff\xfe"
    assert not (tmp_path / "a").exists()


def test_a_readme_without_marks_is_left_alone(reports, tmp_path):
    (tmp_path / "README.md").write_text("# Mine\n")
    with pytest.raises(ConfigError, match="needs the lines <!-- gallery -->"):
        write_gallery(tmp_path, [reports("a")])
    assert (tmp_path / "README.md").read_text() == "# Mine\n"
    assert not (tmp_path / "a").exists()


def test_links_are_never_written_through(reports, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "assets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="is a link"):
        write_gallery(tmp_path / "g", [reports("a")])
    assert list((tmp_path / "elsewhere").iterdir()) == []
