"""Pages as notebooks show them: the answer, one chart and one table, in which no name is markup."""

import base64

from nnbench.pages.notebook import in_notebook

from ..report.runs import TABLES, report
from . import samples
from .markup import addresses, attributes, tags, text_of

PLAIN = {
    "div",
    "p",
    "strong",
    "ul",
    "li",
    "img",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
}


def test_report_shows_answer_chart_and_table(tmp_path):
    written = report(TABLES["many seeds"], tmp_path)

    html = written._repr_html_()

    text = text_of(html)
    assert written.answer.headline in text
    assert all(bullet in text for bullet in written.answer.bullets)
    assert all(caveat.text in text for caveat in written.answer.caveats)
    assert "▼ worse" in text
    assert str(written.page) in text
    (image,) = addresses(html)
    svg = base64.b64decode(image.removeprefix("data:image/svg+xml;base64,")).decode()
    assert svg == (written.page.parent / "figures" / "forest.svg").read_text("utf-8")
    assert tags(html) == PLAIN


def test_no_name_of_a_report_becomes_markup(hostile_report):
    html = hostile_report._repr_html_()

    assert tags(html) <= PLAIN
    assert attributes(html) <= {"style", "src", "alt"}
    assert all(address.startswith("data:image/svg+xml;base64,") for address in addresses(html))
    assert all(name in text_of(html) for name in samples.HOSTILE[:3])
    assert not set(html) & set("\x1b\x07\u202e\x9b\0\u2066\x7f")


def test_page_without_an_answer_shows_its_sentences(tmp_path):
    page = samples.page_by_hand()

    text = text_of(in_notebook(page))

    assert page.title in text
    assert all(sentence in text for sentence in page.sentences)
    assert "The whole report" not in text
