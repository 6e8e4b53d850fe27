import numpy as np
import pytest

from nnbench.report.statistics import Course, TunedScores, course, trend
from nnbench.report.statistics.resampling import resamples
from nnbench.report.statistics.trends import bend


def drawn(means, spread=0.01, seeds=20):
    rng = np.random.default_rng(0)
    rows = np.asarray(means)[:, None] + rng.normal(0, spread, (len(means), seeds))
    counts = resamples(seeds).astype(float)
    return [TunedScores(0, np.zeros(1), np.ones(1), row, counts @ row / seeds) for row in rows]


def test_slope_is_least_squares_over_doublings():
    values = [1, 2, 4, 6]
    scores = drawn([0.979, 0.977, 0.970, 0.966])

    effect = trend(values, scores)

    assert effect is not None
    rows = np.stack([score.per_seed for score in scores])
    expected = [np.polyfit(np.log2(values), rows[:, seed], 1)[0] for seed in range(20)]
    np.testing.assert_allclose(effect.per_seed, expected)
    low, high = effect.interval()
    assert low < effect.mean < high < 0
    assert effect.p < 0.05


def test_values_may_be_unordered_and_zero_is_excluded():
    scores = drawn([0.5, 0.9, 0.8, 0.7])
    effect = trend([0, 1, 2, 4], scores)
    shuffled = trend([4, 1, 0, 2], [scores[position] for position in (3, 1, 0, 2)])

    assert effect is not None
    assert shuffled is not None
    assert effect.mean == pytest.approx(-0.1, abs=0.005)
    np.testing.assert_allclose(effect.per_seed, shuffled.per_seed)


def test_two_values_have_no_trend():
    assert trend([1, 2], drawn([0.9, 0.8])) is None
    assert trend([0, 1, 2], drawn([0.5, 0.9, 0.8])) is None
    assert trend([1, 1, 2], drawn([0.5, 0.9, 0.8])) is None


@pytest.mark.parametrize(
    ("means", "shape"),
    [
        ([0.9, 0.88, 0.86, 0.84], Course.STRAIGHT),
        ([0.9, 0.9, 0.9, 0.9], Course.STRAIGHT),
        ([0.8, 0.9, 0.9, 0.8], Course.BEST_IN_THE_MIDDLE),
        ([0.8, 0.9, 0.85, 0.7], Course.BEST_IN_THE_MIDDLE),
        ([0.9, 0.8, 0.8, 0.9], Course.WORST_IN_THE_MIDDLE),
        ([0.9, 0.9, 0.9, 0.8], Course.LATE),
        ([0.8, 0.8, 0.8, 0.9], Course.LATE),
        ([0.9, 0.8, 0.8, 0.8], Course.EARLY),
        ([0.8, 0.9, 0.9, 0.9], Course.EARLY),
    ],
)
def test_course_is_named_in_both_directions(means, shape):
    scores = drawn(means, 0.005)

    assert course([1, 2, 4, 8], scores) is shape
    assert course([8, 4, 2, 1], scores[::-1]) is shape


def test_curvature_is_that_of_a_parabola():
    positions = np.array([0, 1, 2, 2.58])
    line = 3 + 2 * positions

    assert bend(positions) @ line == pytest.approx(0, abs=1e-12)
    assert bend(positions) @ (line - 5 * positions**2) == pytest.approx(-5)
