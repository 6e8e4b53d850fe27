import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nnbench.report.statistics import estimate, estimates, expanded
from nnbench.report.statistics.estimates import intervals

INF, NAN = np.inf, np.nan


def test_interval_widens_resampled_means_to_t():
    """Normal values: the bootstrap's interval is then as wide as Student's, but for its chance."""
    sample = stats.norm.ppf((np.arange(10) + 0.5) / 10)

    interval = estimate(sample)

    half = stats.t.ppf(0.975, 9) * sample.std(ddof=1) / np.sqrt(10)
    assert interval.mean == pytest.approx(0, abs=1e-12)
    assert (interval.low, interval.high) == pytest.approx((-half, half), rel=0.06)
    assert interval.count == 10


def test_confidence_is_expanded_by_hand():
    # Student's t at 97.5% with 9 degrees of freedom: 2.262157; by √(10/9): 2.384525, whose normal
    # probability is 0.991450 on one side.
    assert expanded(0.95, 10) == pytest.approx(2 * 0.991450 - 1, abs=1e-5)
    assert expanded(0.95, 10_000) == pytest.approx(0.95, abs=1e-4)


def test_interval_is_same_every_time_and_whatever_order():
    sample = np.random.default_rng(1).normal(size=12)

    assert estimate(sample) == estimate(sample)
    again = estimate(sample[::-1])
    assert (again.low, again.high) == pytest.approx(
        (estimate(sample).low, estimate(sample).high), abs=0.1
    )


def test_lost_run_leaves_no_mean():
    interval = estimate(np.array([1, NAN, 3]))

    assert np.isnan([interval.mean, interval.low, interval.high]).all()
    assert interval.count == 3
    assert np.isnan(estimate(np.array([1, -INF])).mean)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_values_have_no_interval(count):
    interval = estimate(0.7 + np.arange(count) / 10)

    assert interval.mean == pytest.approx(0.7 + (count - 1) / 20)
    assert np.isnan([interval.low, interval.high]).all()
    assert interval.bounds == (interval.mean, interval.mean)


def test_no_value_has_no_mean():
    assert np.isnan(estimate(np.array([])).mean)


@pytest.mark.parametrize("values", [[0.5] * 6, [28 / 30 - 27 / 30, 1 / 30, 0.7 / 21] * 2])
def test_values_that_are_all_alike_give_no_interval(values):
    interval = estimate(np.array(values))

    assert interval.mean == pytest.approx(values[0])
    assert np.isnan(interval.low)
    assert interval.bounds == (interval.mean, interval.mean)


def test_interval_stays_within_what_is_possible():
    interval = estimate(np.array([0.0, 1, 1, 1, 1, 1]), within=(0.6, 1.0))

    assert (interval.low, interval.high) == (0.6, 1.0)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.floats(-100, 100))
def test_interval_moves_along_with_the_values(seed, shift):
    sample = np.random.default_rng(seed).normal(size=8)

    before, other = estimate(sample), estimate(sample + shift)

    assert (other.low - shift, other.high - shift) == pytest.approx(
        (before.low, before.high), abs=1e-9
    )


def test_intervals_of_columns_are_those_of_each_alone(monkeypatch):
    samples = np.random.default_rng(0).normal(size=(8, 3))
    together = np.array(intervals(samples))

    alone = [(interval.low, interval.high) for interval in map(estimate, samples.T)]
    np.testing.assert_allclose(together.T, alone, rtol=1e-12)
    monkeypatch.setattr(estimates, "AT_ONCE", 100)
    np.testing.assert_allclose(np.array(intervals(samples)), together, rtol=1e-12)
