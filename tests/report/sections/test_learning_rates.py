"""The section on learning rates: how wide the range is at which each value trains."""

import pytest

from nnbench.report.sections import learning_rates
from tests.report.runs import RATES, TABLES, run, table, texts

from .asking import findings


def falling(depth, rate):
    """The deeper, the fewer rates do."""
    return 0.9 if depth * rate <= 0.1 else 0.3


RUNS = table(
    *(run(s, d, falling(d, lr), lr=lr) for s in range(2) for d in (1, 3, 30) for lr in RATES)
)


def test_decades_by_depth():
    section = learning_rates.make(findings(RUNS))
    (ranges,) = section.tables
    assert list(ranges.data["decades"]) == pytest.approx([2, 1, 0])
    assert list(ranges.data["at_least"]) == [True, True, True]
    assert [row[-2] for row in texts(ranges)] == ["at least 2.0", "at least 1.0", "at least 0.0"]
    assert [figure.name for figure in section.figures] == ["learning-rates", "learning-rate-ranges"]


def test_largest_rate_of_shallowest_and_deepest_is_said():
    """Depth 1 trains at all, depth 10 at the smallest alone."""
    runs = table(
        *(run(s, d, 0.2 if d == 10 and lr > min(RATES) else 0.9, lr=lr)
          for s in range(2) for d in (10, 3, 1) for lr in RATES)
    )  # fmt: skip
    sentences = learning_rates.make(findings(runs)).text
    assert sentences[1:] == [
        "On digits, the largest rate that trains is 0.1 or more at depth 1 and 0.001 at depth 10."
    ]
    words = table(
        *(run(s, activation=name, lr=lr) for s in range(2) for name in ("relu", "tanh")
          for lr in RATES)
    )  # fmt: skip
    assert len(learning_rates.make(findings(words, "activation")).text) == 1


def test_tolerance_is_asked_for():
    section = learning_rates.make(findings(RUNS), tolerance=0.7)
    assert list(section.tables[0].data["decades"]) == pytest.approx([2, 2, 2])
    assert "within 0.7 of the best" in section.figures[1].caption


def test_rates_of_a_search_have_no_range():
    runs = table(
        *(run(s, d, lr=lr, **{"optimizer.beta1": 0.9 - lr}) for s in range(2) for d in (1, 3)
          for lr in RATES)
    )  # fmt: skip
    section = learning_rates.make(findings(runs))
    assert not section.tables
    assert len(section.figures) == 1


def test_a_value_that_never_trained_is_named():
    runs = table(
        *(run(s, d, 0.9 if d == 1 else 0.0, lr=lr, metric="r2") for s in range(2) for d in (1, 3)
          for lr in RATES)
    )  # fmt: skip
    (ranges,) = learning_rates.make(findings(runs)).tables
    assert ranges.rows[1][2] == "none"


def test_rates_that_were_not_tried_need_no_section():
    assert learning_rates.make(findings(TABLES["one seed"])) is None
