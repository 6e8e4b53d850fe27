import numpy as np
import pandas as pd
import pytest

from nnbench.report.statistics import (
    estimate,
    joint_confidence,
    median_with_lost,
    paired_difference,
)


def test_interval_by_hand():
    # Standard error √(2.5 / 5); Student's t at 97.5% with 4 degrees of freedom: 2.776445.
    found = estimate(np.array([1, 2, 3, 4, 5]))

    assert found.mean == 3
    assert found.high - 3 == pytest.approx(2.776445 * np.sqrt(0.5), rel=1e-6)
    assert 3 - found.low == pytest.approx(found.high - 3)
    assert found.count == 5


def test_lost_run_leaves_no_mean():
    assert np.isnan(estimate(np.array([1, np.nan, 3])).mean)


def test_one_value_has_no_interval():
    found = estimate(np.array([0.7]))

    assert found.mean == 0.7
    assert np.isnan(found.low)
    assert not found.settled


def test_no_value_has_no_mean():
    assert np.isnan(estimate(np.array([])).mean)


@pytest.mark.parametrize("values", [[0.5, 0.5, 0.5], [28 / 30 - 27 / 30, 1 / 30, 0.7 / 21]])
def test_values_that_are_all_alike_give_no_interval(values):
    found = estimate(np.array(values))

    assert found.mean == pytest.approx(values[0])
    assert np.isnan(found.low)
    assert not found.settled


def test_interval_stays_within_what_is_possible():
    found = estimate(np.array([0.9, 1.0, 1.0]), within=(0.95, 1.0))

    assert (found.low, found.high) == (0.95, 1.0)


def test_pairs_are_made_by_seed():
    value = pd.Series([0.9, 0.8, 0.7], index=[3, 1, 2])
    reference = pd.Series([0.5, 0.6, 0.1], index=[1, 2, 9])

    found = paired_difference(value, reference, 0.95)

    assert found.count == 2
    assert found.mean == pytest.approx((0.3 + 0.1) / 2)


def test_joint_confidence_shares_the_risk():
    assert joint_confidence(5) == pytest.approx(0.99)
    assert joint_confidence(0) == 0.95


@pytest.mark.parametrize(
    ("values", "median"),
    [([0.1, 0.5, 0.9], 0.5), ([np.nan, 0.5, 0.9], 0.5), ([np.nan, np.nan, 0.9], -np.inf)],
)
def test_lost_runs_are_the_worst(values, median):
    assert median_with_lost(pd.Series(values)) == median
