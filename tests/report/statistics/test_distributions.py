"""Quantiles, ranks and bootstrap intervals against SciPy's, to the last bit."""

import numpy as np
import pytest
from scipy import stats

from nnbench.report.statistics.distributions import (
    central,
    mean_ranks,
    normal_quantile,
    normal_tail,
    resampled_means,
    student_quantile,
)
from nnbench.report.statistics.summaries import middle_half

PROBABILITIES = [1e-9, 0.025, 0.31, 0.5, 0.8, 0.975, 1 - 1e-9]


@pytest.mark.parametrize("probability", PROBABILITIES)
def test_quantiles_and_tails_are_scipys(probability):
    for degrees in (1, 2, 9, 199, 5000):
        assert student_quantile(probability, degrees) == stats.t.ppf(probability, degrees)
    assert normal_quantile(probability) == stats.norm.isf(probability)
    assert normal_tail(3 * probability) == stats.norm.sf(3 * probability)


@pytest.mark.parametrize("axis", [0, 1])
def test_ranks_are_scipys_with_ties_infinities_and_gaps(axis):
    rng = np.random.default_rng(1)
    for shape in ((1, 1), (7, 1), (1, 7), (5, 40)):
        values = rng.integers(0, 5, shape) + rng.choice([0, 1e-15, np.inf, -np.inf], shape)
        for whole in (values, np.where(values == 2, np.nan, values)):
            ranks = mean_ranks(whole, axis)
            assert np.array_equal(ranks, stats.rankdata(whole, axis=axis), equal_nan=True)
    row = rng.integers(0, 3, 50).astype(float)
    assert np.array_equal(mean_ranks(row), stats.rankdata(row))


@pytest.mark.parametrize("at_once", [4_000_000, 20_000])
@pytest.mark.parametrize("shape", [(6, 1), (10, 7), (250, 3)])
def test_bootstrap_is_scipys(shape, at_once):
    samples = np.random.default_rng(2).normal(size=shape)
    reference = stats.bootstrap(
        (samples,), np.mean, axis=0, n_resamples=4999, batch=max(1, at_once // samples.size),
        confidence_level=0.97, method="percentile", rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    low, high = central(resampled_means(samples, 4999, at_once), 0.97)
    # SciPy before 1.17 takes NumPy's quantiles, which round otherwise.
    assert np.allclose(low, reference.low, rtol=1e-15, atol=1e-15)
    assert np.allclose(high, reference.high, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("count", [1, 3, 4, 7, 200])
def test_middle_half_has_scipys_trimmed_mean(count):
    values = np.random.default_rng(count).normal(size=count)
    assert middle_half(values).mean() == stats.trim_mean(values, 0.25)
