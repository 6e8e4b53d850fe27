import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nnbench.report.statistics import fewest_pairs, holm, signed_rank, smallest_p
from nnbench.report.statistics.signed_ranks import critical_sum, lower_tail

INF, NAN = np.inf, np.nan


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
        # Zeros only move the others' ranks: here from 1, 2, … to 3, 4, ….
        ([0, 0, 1, 2, 3, 4, 5, 6], 2 / 2**6),
        ([0, 0, 1, -2, 3, 4, 5, 6], 6 / 2**6),
        # Without the zeros {1, 2} would have a sum of 3 as well, with them 7.
        ([0, 0, 1, 2, -3, 4, 5, 6], 8 / 2**6),
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


def by_all_signs(differences):
    """The p among all 2^n signs of what isn't zero, ranked with the zeros (Pratt)."""
    ranks = stats.rankdata(np.abs(differences))[differences != 0]
    positive = ranks[differences[differences != 0] > 0].sum()
    signs = np.array(list(itertools.product((0, 1), repeat=len(ranks))))
    sums = signs @ ranks
    middle = ranks.sum() / 2
    return np.mean(np.abs(sums - middle) >= abs(positive - middle) - 1e-9) if len(ranks) else 1.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=12))
def test_signed_rank_goes_through_all_signs(differences):
    drawn = np.array(differences, float)

    assert signed_rank(drawn) == pytest.approx(by_all_signs(drawn))


@pytest.mark.parametrize("count", [1, 6, 13, 14, 20, 50, 51, 130])
def test_signed_rank_without_ties_is_scipys(count):
    differences = np.random.default_rng(count).normal(0.2, 1, count)

    expected = stats.wilcoxon(differences, method="exact").pvalue
    assert signed_rank(differences) == pytest.approx(expected)


def test_exact_p_of_many_pairs_never_overflows():
    # 2^1,200 ways are more than a float can count.
    differences = np.tile([1.0, 1.0, -1.0, 0.0], 300)

    # All ties, so a sign test: 600 of 900 are positive.
    assert signed_rank(differences) == pytest.approx(stats.binomtest(300, 900).pvalue)


@pytest.mark.parametrize("alpha", [0.05, 0.01])
@pytest.mark.parametrize("pairs", [4, 6, 7, 13, 30, 50, 51, 80])
def test_critical_sum_is_the_last_that_is_significant(pairs, alpha):
    tail = lower_tail(np.arange(1, pairs + 1), pairs * (pairs + 1) // 4)

    critical = critical_sum(pairs, alpha)

    assert critical < 0 or 2 * tail[critical] <= alpha
    assert 2 * tail[critical + 1] > alpha


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_signed_rank_ignores_order_direction_and_size(differences, random):
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
def test_fewest_pairs_are_first_that_can_be_claimed(comparisons, pairs):
    assert fewest_pairs(comparisons) == pairs
    assert smallest_p(pairs) * comparisons <= 0.05 < smallest_p(pairs - 1) * comparisons


def test_holm_by_hand():
    # Times 4, 3, 2 and 1 in the order of their size, and never below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


def test_holm_leaves_out_what_was_not_tested():
    corrected = holm([0.02, NAN, 0.04])

    assert corrected[::2] == pytest.approx([0.04, 0.04])
    assert np.isnan(corrected[1])
    assert np.isnan(holm([NAN])).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_holm_knows_no_order_and_only_raises(probabilities, random):
    order = random.sample(range(len(probabilities)), len(probabilities))
    corrected = np.array(holm(probabilities))

    assert holm([probabilities[i] for i in order]) == pytest.approx(corrected[order])
    assert (corrected >= np.array(probabilities) - 1e-12).all()
    assert (corrected <= np.minimum(1, len(order) * np.array(probabilities)) + 1e-12).all()
