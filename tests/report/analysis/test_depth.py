"""Depths that are not worse than the best, and both gaps by depth."""

import numpy as np
import pytest

from nnbench.report.analysis.depth import series
from nnbench.report.text.comparison import size_text
from tests.report.runs import depths, run, table
from tests.report.sections.asking import findings


def comparison(runs, *keys):
    return findings(runs, *keys).comparison


def test_fitting_and_generalization_gaps_by_depth():
    runs = table(
        *(run(s, d, test, train=train, best_train_loss=0.5, test_loss=0.75)
          for s in range(2) for d, train, test in ((1, 1.0, 0.75), (3, 0.5, 0.5)))
    )  # fmt: skip
    (of_data,) = series(findings(runs))
    shallow, deep = of_data.points
    assert (shallow.fitting_gap.mean, shallow.generalization_gap.mean) == (0, 0.25)
    assert (deep.fitting_gap.mean, deep.generalization_gap.mean) == (0.5, 0)
    assert (deep.train_loss.mean, deep.test_loss) == (0.5, 0.75)


def test_gaps_of_errors_are_large_when_bad():
    runs = table(*(run(s, d, 3.0, train=2.0, metric="rmse") for s in range(2) for d in (1, 3)))
    (of_data,) = series(findings(runs, metric="test_rmse"))
    assert (of_data.points[0].fitting_gap.mean, of_data.points[0].generalization_gap.mean) == (2, 1)


def test_losses_that_were_not_kept_are_missing():
    (of_data,) = series(findings(depths({1: [0.9] * 2, 3: [0.9] * 2})))
    assert np.isnan(of_data.points[0].train_loss.mean)
    assert np.isnan(of_data.points[0].test_loss)


def test_each_other_value_has_its_own_best_depth():
    runs = table(
        *(run(s, d, test, optimizer=name) for s in range(6)
          for name, d, test in (("adam", 1, 0.8), ("adam", 3, 0.9), ("sgd", 1, 0.7),
                                ("sgd", 3, 0.2)))
    )  # fmt: skip
    for keys in (("depth", "optimizer"), ("optimizer", "depth")):
        best = {of_data.other: of_data.line.value_of(of_data.best.best)
                for of_data in series(findings(runs, *keys))}  # fmt: skip
        assert best == {"adam": 3, "sgd": 1}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "at width 8"),
        ({"params": 2000}, "at equal size (2,000 parameters)"),
        ({"flops": 5000}, "at equal size (5,000 multiply-adds an example)"),
        ({"params": None}, "at width 8"),
    ],
)
def test_at_which_size_depths_are_compared(changes, text):
    runs = table(*(run(s, d, **changes) for s in range(2) for d in (1, 3)))
    assert size_text(comparison(runs)) == text


def test_widths_that_were_chosen_among_are_said():
    runs = table(*(run(s, d, width=w) for s in range(2) for d in (1, 3) for w in (8, 16)))
    assert size_text(comparison(runs)) == "each at its best width"
    runs = table(*(run(s, d, params=p) for s in range(2) for d in (1, 3) for p in (100, 200)))
    assert size_text(comparison(runs)) == "at equal sizes"
