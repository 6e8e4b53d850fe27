import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower

from nnbench.pages.formatting import metric_text
from nnbench.report import statistics
from nnbench.report.metric import Metric
from nnbench.report.statistics import (
    EXACT_PAIRS,
    MOST_PAIRS,
    estimate,
    expanded,
    fewest_pairs,
    holm,
    improvement,
    interquartile_mean,
    intervals,
    median_with_lost,
    pairs_needed,
    signed_rank,
    smallest_p,
)
from nnbench.report.text.numbers import difference_text, estimate_text, p_text, paired_text

INF, NAN = np.inf, np.nan


def test_interval_is_that_of_resampled_means_taken_out_as_far_as_a_t_interval():
    """Normal figures: the bootstrap's interval is then as wide as Student's, but for its chance."""
    sample = stats.norm.ppf((np.arange(10) + 0.5) / 10)

    found = estimate(sample)

    half = stats.t.ppf(0.975, 9) * sample.std(ddof=1) / np.sqrt(10)
    assert found.mean == pytest.approx(0, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((-half, half), rel=0.06)
    assert found.count == 10


def test_confidence_is_expanded_by_hand():
    # Student's t at 97.5% with 9 degrees of freedom: 2.262157; by √(10/9): 2.384525, whose normal
    # probability is 0.991450 on one side.
    assert expanded(0.95, 10) == pytest.approx(2 * 0.991450 - 1, abs=1e-5)
    assert expanded(0.95, 10_000) == pytest.approx(0.95, abs=1e-4)


def test_interval_is_the_same_every_time_and_whatever_the_order():
    sample = np.random.default_rng(1).normal(size=12)

    assert estimate(sample) == estimate(sample)
    again = estimate(sample[::-1])
    assert (again.low, again.high) == pytest.approx(
        (estimate(sample).low, estimate(sample).high), abs=0.1
    )


def test_lost_run_leaves_no_mean():
    found = estimate(np.array([1, NAN, 3]))

    assert np.isnan([found.mean, found.low, found.high]).all()
    assert found.count == 3
    assert np.isnan(estimate(np.array([1, -INF])).mean)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_values_have_no_interval(count):
    found = estimate(0.7 + np.arange(count) / 10)

    assert found.mean == pytest.approx(0.7 + (count - 1) / 20)
    assert np.isnan([found.low, found.high]).all()
    assert found.bounds == (found.mean, found.mean)


def test_no_value_has_no_mean():
    assert np.isnan(estimate(np.array([])).mean)


@pytest.mark.parametrize("values", [[0.5] * 6, [28 / 30 - 27 / 30, 1 / 30, 0.7 / 21] * 2])
def test_values_that_are_all_alike_give_no_interval(values):
    found = estimate(np.array(values))

    assert found.mean == pytest.approx(values[0])
    assert np.isnan(found.low)
    assert found.bounds == (found.mean, found.mean)


def test_interval_stays_within_what_is_possible():
    found = estimate(np.array([0.0, 1, 1, 1, 1, 1]), within=(0.6, 1.0))

    assert (found.low, found.high) == (0.6, 1.0)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.floats(-100, 100))
def test_interval_moves_along_with_the_values(seed, shift):
    sample = np.random.default_rng(seed).normal(size=8)

    one, other = estimate(sample), estimate(sample + shift)

    assert (other.low - shift, other.high - shift) == pytest.approx((one.low, one.high), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "median", "middle"),
    [
        ([0.1, 0.5, 0.9], 0.5, 0.5),
        ([NAN, 0.5, 0.9], 0.5, -INF),
        ([NAN, NAN, 0.9], -INF, -INF),
        # Of eight the middle four: (0.3 + 0.4 + 0.5 + 0.6) / 4, and lost runs are below them.
        ([0.8, 0.1, 0.7, 0.3, 0.6, 0.5, 0.4, 0.2], 0.4, 0.45),
        ([0.8, NAN, 0.7, 0.3, 0.6, 0.5, 0.4, NAN], 0.4, 0.45),
    ],
)
def test_lost_runs_are_the_worst(values, median, middle):
    assert median_with_lost(pd.Series(values)) == median
    if len(values) > 3 or not np.isnan(values).any():
        assert interquartile_mean(pd.Series(values)) == pytest.approx(middle)


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        # All n agree: 2 · 2^-n.
        ([1, 2, 3, 4, 5, 6], 2 / 2**6),
        ([-1, -2, -3, -4, -5, -6], 2 / 2**6),
        # Only the smallest disagrees: rank sums 20 and more, and 1 and less: two of 64 each.
        ([-1, 2, 3, 4, 5, 6], 4 / 2**6),
        # Rank 2 alone: subsets of at most 2 are {}, {1}, {2}: 3 of 64 each.
        ([1, -2, 3, 4, 5, 6], 6 / 2**6),
        # Zeros are left out.
        ([0, 0, 1, 2, 3, 4, 5, 6], 2 / 2**6),
        ([0, 0, 0], 1.0),
        ([], 1.0),
        # A lost run is the largest of all differences: of 64 subsets 14 have a sum of at most 6.
        ([-INF, 1, 2, 3, 4, 5], 28 / 2**6),
        ([INF, 1, 2, 3, 4, 5], 2 / 2**6),
        # Differences that are the same but for their rounding are ties as well.
        ([0.85 - 0.8, 0.8 - 0.85, 0.95 - 0.9, 0.75 - 0.7, 0.65 - 0.6, 0.55 - 0.5], 14 / 64),
        # All ties: a sign test, of which one disagrees: (1 + 6) / 64 on either side.
        ([-1, 1, 1, 1, 1, 1], 14 / 64),
    ],
)
def test_signed_rank_by_hand(differences, p):
    assert signed_rank(np.array(differences, float)) == pytest.approx(p)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=9))
def test_signed_rank_goes_through_all_signs(differences):
    """Beside all 2^n signs, gone through one by one."""
    told = np.array([d for d in differences if d], float)
    ranks = stats.rankdata(np.abs(told))
    sums = [np.dot(signs, ranks) for signs in itertools.product((-1, 1), repeat=len(told))]
    observed = np.dot(np.sign(told), ranks)
    expected = np.mean(np.abs(sums) >= abs(observed) - 1e-9) if len(told) else 1.0

    assert signed_rank(np.array(differences, float)) == pytest.approx(expected)


@pytest.mark.parametrize("count", [EXACT_PAIRS, EXACT_PAIRS + 1, 20])
def test_signed_rank_of_many_is_scipys(count):
    differences = np.random.default_rng(count).normal(0.3, 1, count)

    expected = stats.wilcoxon(differences, method="exact").pvalue
    assert signed_rank(differences) == pytest.approx(expected)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_signed_rank_knows_neither_order_nor_direction_nor_size(differences, random):
    shuffled = random.sample(differences, len(differences))
    p = signed_rank(np.array(differences))

    assert 0 < p <= 1
    assert signed_rank(np.array(shuffled)) == pytest.approx(p)
    assert signed_rank(-np.array(differences)) == pytest.approx(p)


def test_smallest_p_is_reached_where_all_agree():
    for count in (1, 2, 6, 10):
        assert smallest_p(count) == pytest.approx(signed_rank(np.arange(1.0, count + 1)))
    assert smallest_p(0) == 1.0
    assert [round(smallest_p(count), 4) for count in (5, 6, 10)] == [0.0625, 0.0312, 0.002]


@pytest.mark.parametrize(("comparisons", "pairs"), [(1, 6), (2, 7), (3, 7), (10, 9), (100, 12)])
def test_fewest_pairs_are_the_first_that_can_be_claimed(comparisons, pairs):
    assert fewest_pairs(comparisons) == pairs
    assert smallest_p(pairs) * comparisons <= 0.05 < smallest_p(pairs - 1) * comparisons


def test_holm_by_hand():
    # Times 4, 3, 2 and 1 in the order of their size, and never below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


def test_holm_leaves_out_what_was_not_tested():
    found = holm([0.02, NAN, 0.04])

    assert found[::2] == pytest.approx([0.04, 0.04])
    assert np.isnan(found[1])
    assert np.isnan(holm([NAN])).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_holm_knows_no_order_and_only_raises(probabilities, random):
    order = random.sample(range(len(probabilities)), len(probabilities))
    corrected = np.array(holm(probabilities))

    assert holm([probabilities[i] for i in order]) == pytest.approx(corrected[order])
    assert (corrected >= np.array(probabilities) - 1e-12).all()
    assert (corrected <= np.minimum(1, len(order) * np.array(probabilities)) + 1e-12).all()


def test_improvement_counts_ties_half_and_lost_runs_whole():
    assert improvement(np.array([1, -1, 0, 2])) == 2.5 / 4
    assert improvement(np.array([INF, -INF, -INF, 0.0])) == 1.5 / 4


def test_pairs_needed_are_those_of_a_t_test_and_a_little_more():
    """Wilcoxon's test needs π/3 times as many of normal differences."""
    differences = np.array([-1.0, 1.0] * 10)
    spread = differences.std(ddof=1)

    for size, comparisons in ((0.5, 1), (0.5, 4), (1.0, 1)):
        t_test = TTestPower().solve_power(size / spread, alpha=0.05 / comparisons, power=0.8)
        expected = np.ceil(t_test * np.pi / 3)
        assert pairs_needed(differences, size, comparisons) == expected
    # As it is in tables: 34 pairs for an effect of half a standard deviation.
    assert pairs_needed(differences, spread / 2, 1) == np.ceil(33.37 * np.pi / 3)


@pytest.mark.parametrize(
    ("differences", "size"), [([1.0], 1), ([1.0, 1.0], 1), ([1.0, INF], 1), ([1.0, 2.0], 0.0)]
)
def test_pairs_needed_may_be_unknown(differences, size):
    assert pairs_needed(np.array(differences), size, 1) is None


@pytest.mark.parametrize("size", [1e-300, 1e-9, 1e-4])
@pytest.mark.parametrize("comparisons", [1, 10, 1000])
def test_more_pairs_than_can_be_run_are_no_number(size, comparisons):
    differences = np.random.default_rng(0).normal(0, 5.0, 12)
    assert pairs_needed(differences, size, comparisons) == MOST_PAIRS


def test_equal_differences_say_nothing_whatever_rounding_makes_of_them():
    assert np.std([0.1] * 7, ddof=1) > 0
    assert pairs_needed(np.array([0.1] * 7), 0.005, 1) is None


NUMBERS = st.floats() | st.sampled_from([0.0, 0.1, 1e-300, 1e8, 1e300, -1e300, 1.7e308, INF, NAN])
EQUAL = st.tuples(NUMBERS, st.integers(0, 20)).map(lambda drawn: [drawn[0]] * drawn[1])


@settings(max_examples=200, deadline=None)
@given(st.lists(NUMBERS, max_size=20) | EQUAL, NUMBERS, st.integers(0, 10_000))
def test_helpers_are_total(numbers, size, comparisons):
    """Whatever the numbers are, no helper of a verdict raises, warns or makes up a number."""
    values = np.array(numbers, float)
    found = estimate(values)
    if len(values) and (np.abs(values) <= 1e100).all():
        assert np.isfinite(found.mean)
        slack = 1e-9 * np.abs(values).max()
        assert values.min() - slack <= found.mean <= values.max() + slack
        assert np.isnan(found.low) or found.low <= found.high
    else:
        assert np.isnan(found.mean)
    assert 0 <= signed_rank(values) <= 1
    assert np.isnan(improvement(values)) == (not len(values))
    needed = pairs_needed(values, size, comparisons)
    assert needed is None or 6 <= needed <= MOST_PAIRS
    assert fewest_pairs(comparisons) >= 6
    assert 0 <= smallest_p(comparisons) <= 1
    series = pd.Series(values)
    for middle in (interquartile_mean, median_with_lost):
        assert isinstance(middle(series.where(np.isfinite(series))), float)
    for name in ("r2", "rmse", "loss"):
        metric = Metric(name)
        for text in (metric_text(name, size), difference_text(metric, size), p_text(size)):
            assert 1 <= len(text) <= 12
        assert len(estimate_text(metric, found)) < 40
        assert len(paired_text(metric, found)) < 40


def test_pairs_needed_are_never_fewer_than_can_be_tested():
    assert pairs_needed(np.array([0.0, 1e-9]), 1.0, 1) == 6


def test_intervals_of_columns_are_those_of_each_alone(monkeypatch):
    samples = np.random.default_rng(0).normal(size=(8, 3))
    together = np.array(intervals(samples))

    alone = [(each.low, each.high) for each in map(estimate, samples.T)]
    np.testing.assert_allclose(together.T, alone, rtol=1e-12)
    monkeypatch.setattr(statistics, "AT_ONCE", 100)
    np.testing.assert_allclose(np.array(intervals(samples)), together, rtol=1e-12)
