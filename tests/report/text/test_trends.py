"""Words on values along a line."""

import pytest

from nnbench.report.analysis.lines import Line
from nnbench.report.text.answer import answer_of, title_of
from nnbench.report.text.trends import MOST_VALUES, names_in
from tests.report.runs import NOISE, findings_of, run, table

WIDTHS = tuple(range(2, 82, 2))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (WIDTHS[1:], "4 to 80"),
        (WIDTHS[: MOST_VALUES + 1], "2 to 12"),
        (WIDTHS[:MOST_VALUES], "2, 4, 6, 8 and 10"),
        (WIDTHS[::2], "2, 6, 10, 14, 18 and 15 more"),
        (WIDTHS[3:4], "8"),
    ],
)
def test_many_neighbours_are_named_by_their_ends(values, text):
    assert names_in(values, Line("width", {}, (), WIDTHS)) == text


def test_words_have_no_ends():
    words = tuple("abcdefgh")
    assert names_in(words, Line("activation", {}, (), words)) == "a, b, c, d, e and 3 more"


def test_learning_rates_are_called_so_in_sentences():
    runs = table(*(run(s, 3, 0.9 - 0.02 * i + NOISE[s] / 10, lr=lr)
                  for i, lr in enumerate((0.01, 0.02, 0.04)) for s in range(6)))  # fmt: skip
    findings = findings_of(runs, "lr")
    assert "with each doubling of the learning rate" in answer_of(findings).headline
    assert title_of(findings) == "Which learning rate is best?"
