import numpy as np
import pandas as pd
import pytest

from nnbench.report.statistics import improvement, interquartile_mean, median_with_lost

INF, NAN = np.inf, np.nan


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


def test_improvement_counts_ties_half_and_lost_runs_whole():
    assert improvement(np.array([1, -1, 0, 2])) == 2.5 / 4
    assert improvement(np.array([INF, -INF, -INF, 0.0])) == 1.5 / 4
