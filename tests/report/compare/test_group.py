"""Figures of a group of runs, whichever direction is better."""

import pandas as pd
import pytest

from nnbench.report.compare.group import Group
from tests.report.runs import compared, lost, run, table


def errors(*rows) -> Group:
    (group,) = compared(table(*rows), metric="test_rmse").groups
    return group


def test_failed_runs_are_worst_for_lower_metrics_too():
    group = errors(*(run(s, test=s + 1.0, metric="rmse") for s in range(4)), lost(4), lost(5))

    assert group.scores("test").isna().tolist() == [False] * 4 + [True] * 2
    assert group.median("test") == 4
    assert group.interquartile_mean("test") == float("inf")
    assert group.median("best_train") == 4


def test_the_middle_half_of_errors():
    group = errors(*(run(s, test=s**2, metric="rmse") for s in range(8)))

    assert group.interquartile_mean("test") == pytest.approx((4 + 9 + 16 + 25) / 4)
    # Of two in the middle the worse.
    assert group.median("test") == 16


def test_gap_is_how_much_worse_test_part_is():
    (errs,) = compared(table(run(test=0.5, train=0.2, metric="rmse")), metric="test_rmse").groups
    (hits,) = compared(table(run(test=0.5, train=0.75))).groups

    assert errs.gap.tolist() == pytest.approx([0.3])
    assert hits.gap.tolist() == pytest.approx([0.25])


def test_figures_are_lost_where_there_are_none():
    group = errors(run(metric="rmse"))
    pd.testing.assert_series_equal(group.scores("other"), pd.Series([float("nan")], index=[0]))
