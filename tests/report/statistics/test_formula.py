import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from nnbench.report.statistics import (
    MOST_PAIRS,
    pairs_needed,
)

INF, NAN = np.inf, np.nan


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


def test_pairs_needed_are_never_fewer_than_can_be_tested():
    assert pairs_needed(np.array([0.0, 1e-9]), 1.0, 1) == 6
