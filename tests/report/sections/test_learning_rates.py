"""The section on learning rates: how wide the range is at which each value trains."""

import pytest

from nnbench.report.sections import learning_rates
from tests.report.runs import RATES, TABLES, run, table

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
    assert [row[-2] for row in ranges.rows] == ["at least 2.0", "at least 1.0", "at least 0.0"]
    assert [figure.name for figure in section.figures] == ["learning-rates", "learning-rate-ranges"]


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
