import numpy as np
import pytest

from nnbench.report.statistics import TunedScores, best_set
from nnbench.report.statistics.resampling import resamples


def tuned(per_seed):
    per_seed = np.asarray(per_seed, float)
    rechosen = resamples(len(per_seed)).astype(float) @ per_seed / len(per_seed)
    return TunedScores(0, np.zeros(1), np.ones(1), per_seed, rechosen)


def drawn(means, seeds=20, spread=0.01, seed=0):
    rng = np.random.default_rng(seed)
    return [tuned(mean + rng.normal(0, spread, seeds)) for mean in means]


def test_what_is_far_behind_is_not_in_it():
    chosen = best_set(drawn([0.9, 0.9, 0.8, 0.7]))

    assert chosen.members == (0, 1)
    assert chosen.best in (0, 1)
    assert chosen.shares[2:] == (0.0, 0.0)
    assert sum(chosen.shares) == pytest.approx(1)


@pytest.mark.parametrize("count", [2, 5, 9])
def test_equal_values_are_all_in_it(count):
    values = drawn([0.9] * count, seed=3)

    assert best_set(values).members == tuple(range(count))


def test_values_that_are_same_are_in_it_together():
    values = drawn([0.9, 0.5])

    assert best_set([values[0], values[0], values[1]]).members == (0, 1)
    assert best_set([values[0], values[0]]).shares == (0.5, 0.5)


def test_a_constant_lead_excludes():
    values = [tuned(np.full(10, mean)) for mean in (0.8, 0.9, 0.9)]

    assert best_set(values).members == (1, 2)
    assert best_set(values).best == 1


def test_worse_values_are_excluded_and_unsettled_included():
    values = drawn([0.9, 0.9, 0.8], seed=3)

    assert best_set(values).members == (0, 1)
    worse = 1 - best_set(values).best
    assert best_set(values, worse=[worse]).members == (1 - worse,)
    assert best_set(values, worse=[worse], unsettled=[worse, 2]).members == (0, 1, 2)


def test_too_few_seeds_exclude_nothing():
    assert best_set(drawn([0.9, 0.1], seeds=5)).members == (0, 1)


def test_steps_exclude_more_than_one_step():
    """Once a value that varies alone is gone, fewer differences need to be allowed for."""
    rng = np.random.default_rng(0)
    left, right = 0, 0
    for _ in range(20):
        seeds = 0.9 + rng.normal(0, 0.01, (6, 12)) - np.array([0, 0.011, 1, 1, 1, 1])[:, None]
        values = [tuned(by_seed) for by_seed in seeds]
        left += 1 in best_set(values).members
        right += 1 in best_set(values[:2]).members
    assert left == right < 20


def test_truly_best_values_are_included_usually():
    """Three of five are equally good: all three are in 95% of sets (here of 100, at least 89)."""
    whole = sum(
        {0, 1, 2} <= set(best_set(drawn([0.9, 0.9, 0.9, 0.89, 0.8], seed=seed)).members)
        for seed in range(100)
    )

    assert whole >= 89
