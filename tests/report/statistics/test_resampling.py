import numpy as np
import pytest
from scipy import stats

from nnbench.report.statistics.resampling import interval, resamples, tail_of, weighted_means


def test_resamples_draw_as_many_seeds_as_there_are():
    counts = resamples(11)

    assert counts.shape == (20_000, 11)
    assert (counts.sum(axis=1) == 11).all()
    assert counts is resamples(11)
    # Each is drawn once on average, and binomially.
    np.testing.assert_allclose(counts.mean(axis=0), 1, atol=0.03)
    np.testing.assert_allclose(counts.var(axis=0), 10 / 11, atol=0.05)


def test_weighted_means_are_those_of_drawn_seeds():
    values = np.random.default_rng(0).normal(size=(3, 6))
    counts = resamples(6, 4_001)

    means = weighted_means(counts, values)

    for row in (0, 4_000):
        drawn = np.repeat(values, counts[row].astype(int), axis=1)
        np.testing.assert_allclose(means[row], drawn.mean(axis=1))


@pytest.mark.parametrize("seeds", [6, 10, 20, 50])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.98, 0.999])
def test_interval_of_normal_means_is_students(seeds, level):
    """Also far out, where 20,000 draws have no quantile."""
    sample = stats.norm.ppf((np.arange(seeds) + 0.5) / seeds)
    resampled = resamples(seeds).astype(float) @ sample / seeds

    low, high = interval(resampled, level, seeds)

    half = stats.t.ppf((1 + level) / 2, seeds - 1) * sample.std(ddof=1) / np.sqrt(seeds)
    # Means of so few are bounded; nowhere is the interval much shorter.
    assert (-low, high) == pytest.approx((half, half), rel=0.12)


def test_tail_by_hand():
    # Student's t at 97.5% with 9 degrees of freedom: 2.262157, times √(10/9): 2.384525.
    assert tail_of(0.95, 10) == pytest.approx(0.008550, abs=1e-5)


def test_no_interval_without_spread_or_means():
    assert np.isnan(interval(np.full(500, 0.3), 0.9, 10)).all()
    assert np.isnan(interval(np.full(500, np.nan), 0.9, 10)).all()
    assert np.isnan(interval(np.arange(500.0), 0.9, 1)).all()
