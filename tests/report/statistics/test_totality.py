import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.pages.formatting import metric_text
from nnbench.report.metric import Metric
from nnbench.report.statistics import (
    estimate,
    fewest_pairs,
    improvement,
    interquartile_mean,
    median_with_lost,
    seeds_needed,
    signed_rank,
    smallest_p,
)
from nnbench.report.statistics.effects import Effect
from nnbench.report.statistics.seeds_needed import MOST_PAIRS
from nnbench.report.text.numbers import difference_text, estimate_text, p_text, paired_text

INF, NAN = np.inf, np.nan


NUMBERS = st.floats() | st.sampled_from([0.0, 0.1, 1e-300, 1e8, 1e300, -1e300, 1.7e308, INF, NAN])
EQUAL = st.tuples(NUMBERS, st.integers(0, 20)).map(lambda drawn: [drawn[0]] * drawn[1])


@settings(max_examples=200, deadline=None)
@given(st.lists(NUMBERS, max_size=20) | EQUAL, NUMBERS, st.integers(0, 10_000))
def test_helpers_are_total(numbers, size, comparisons):
    """Whatever the numbers are, no helper of a verdict raises, warns or makes up a number."""
    values = np.array(numbers, float)
    interval = estimate(values)
    if len(values) and (np.abs(values) <= 1e100).all():
        assert np.isfinite(interval.mean)
        slack = 1e-9 * np.abs(values).max()
        assert values.min() - slack <= interval.mean <= values.max() + slack
        assert np.isnan(interval.low) or interval.low <= interval.high
    else:
        assert np.isnan(interval.mean)
    assert 0 <= signed_rank(values) <= 1
    assert np.isnan(improvement(values)) == (not len(values))
    assert fewest_pairs(comparisons) >= 6
    assert 0 <= smallest_p(comparisons) <= 1
    series = pd.Series(values)
    for middle in (interquartile_mean, median_with_lost):
        assert isinstance(middle(series.where(np.isfinite(series))), float)
    for name in ("r2", "rmse", "loss"):
        metric = Metric(name)
        for text in (metric_text(name, size), difference_text(metric, size), p_text(size)):
            assert 1 <= len(text) <= 12
        assert len(estimate_text(metric, interval)) < 40
        assert len(paired_text(metric, interval)) < 40


@settings(max_examples=30, deadline=None)
@given(st.lists(NUMBERS, max_size=20) | EQUAL, NUMBERS, st.integers(0, 10_000))
def test_seeds_are_counted_of_any_scores(numbers, size, comparisons):
    # Scores count as 1e30 at most.
    values = np.clip(np.array(numbers, float), -1e30, 1e30)
    needed = seeds_needed(Effect(values, np.full(1, np.nan)), size, comparisons)
    assert needed is None or 6 <= needed <= MOST_PAIRS
