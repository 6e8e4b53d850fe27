import numpy as np
import pytest

from nnbench.report.statistics import new_rows_interval


def test_interval_by_hand():
    """Nadeau & Bengio: variance times 1/n + test/train."""
    per_seed = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])

    low, high = new_rows_interval(per_seed, test_rows=20, train_rows=60)

    # s² = 55/6; t(9) = 2.262157; 2.262157 · √(55/6 · (1/10 + 1/3)) = 4.508577
    assert (low, high) == pytest.approx((5.5 - 4.508577, 5.5 + 4.508577), abs=1e-5)


def test_more_seeds_narrow_it_only_so_far():
    rng = np.random.default_rng(0)
    low, high = new_rows_interval(rng.normal(0, 1, 100_000), 30, 100)

    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(0.3), rel=0.01)


@pytest.mark.parametrize("per_seed", [[1.0, 2, 3, 4, 5], [1.0] * 10, [1.0, 2, 3, 4, 5, np.inf]])
def test_no_interval_of_few_equal_or_infinite_differences(per_seed):
    assert np.isnan(new_rows_interval(np.array(per_seed), 20, 60)).all()
