import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from nnbench.report.statistics import (
    MOST_PAIRS,
    Effect,
    Outcome,
    decide,
    seeds_needed,
    smallest_difference,
)
from nnbench.report.statistics.resampling import resamples
from nnbench.report.statistics.seeds_needed import share_found


def effect(per_seed, noise=1.0):
    per_seed = np.asarray(per_seed, float)
    resampled = resamples(len(per_seed)).astype(float) @ per_seed / len(per_seed)
    return Effect(per_seed, noise * resampled)


def test_seeds_are_little_more_than_t_test_needs():
    """Seeds for a spread that is known well, by 1,000 seeds."""
    many = effect(np.random.default_rng(0).normal(0, 1, 300))
    for size in (0.3, 0.5, 1.0):
        expected = TTestPower().solve_power(size / many.per_seed.std(ddof=1), alpha=0.05, power=0.8)
        assert seeds_needed(many, size, 1) == pytest.approx(expected * np.pi / 3, rel=0.12, abs=1.5)


def test_more_comparisons_smaller_sizes_and_choices_need_more():
    few = effect(np.random.default_rng(1).normal(0, 0.02, 10))
    needed = seeds_needed(few, 0.01, 1)

    assert needed is not None
    assert needed < seeds_needed(few, 0.01, 5) < seeds_needed(few, 0.005, 5)
    wide = effect(few.per_seed, noise=3.0)
    assert seeds_needed(wide, 0.01, 1) > needed


def test_shares_found_are_those_of_the_verdict():
    """One comparison among five, with an interval twice as wide for the choice of settings."""
    pairs = 1.2 + np.random.default_rng(3).normal(size=(200, 15))
    nothing = effect(np.tile([1.0, -1.0, 0.5], 5))
    claimed = [
        decide([widened(own, wide), *[nothing] * 4], [0.0] * 5)[0].outcome is Outcome.BETTER
        for wide in (1, 2) for own in pairs
    ]  # fmt: skip

    for wide, share in zip((1, 2), np.reshape(claimed, (2, 200)).mean(axis=1), strict=True):
        assert share_found(pairs, 5, float(wide)) == pytest.approx(share, abs=0.05)


def widened(per_seed, times):
    """The effect of these seeds whose interval is so many times as wide."""
    resampled = effect(per_seed).resampled
    return Effect(per_seed, per_seed.mean() + times * (resampled - per_seed.mean()))


def test_numbers_beyond_what_is_simulated_grow_with_square():
    few = effect(np.random.default_rng(1).normal(0, 1, 20))

    ratio = seeds_needed(few, 0.02, 1) / seeds_needed(few, 0.04, 1)

    assert ratio == pytest.approx(4, rel=0.01)
    assert seeds_needed(few, 1e-9, 1) == MOST_PAIRS
    assert seeds_needed(few, 1e300, 1) == 6


def test_spread_that_ten_seeds_estimate_leaves_power_enough():
    """Chance of a claim with the seeds that ten others asked for: 80% (here 75 to 87)."""
    rng, powers = np.random.default_rng(2), []
    for _ in range(60):
        asked = seeds_needed(effect(rng.normal(0, 1, 10)), 0.8, 1)
        powers.append(share_found(0.8 + rng.normal(0, 1, (300, asked)), 1))

    assert 0.75 < np.mean(powers) < 0.87


@pytest.mark.parametrize(
    ("per_seed", "size"), [([1.0], 1), ([1.0, 1.0], 1), ([1.0, np.inf], 1), ([1.0, 2.0], 0.0),
                           ([0.1] * 7, 0.5), ([0.0] * 7, 0.5)]
)  # fmt: skip
def test_seeds_may_be_unknown(per_seed, size):
    assert seeds_needed(Effect(np.array(per_seed), np.full(100, np.nan)), size, 1) is None


def test_smallest_difference_is_found_with_the_promised_chance():
    rng = np.random.default_rng(9)
    for seeds, comparisons in ((10, 1), (20, 1), (20, 4), (50, 1)):
        size = smallest_difference(2.0, seeds, comparisons)
        pairs = size + rng.normal(0, 2.0, (2_000, seeds))
        assert share_found(pairs, comparisons) == pytest.approx(0.8, abs=0.05)
    assert smallest_difference(1.0, 5, 1) == smallest_difference(1.0, 6, 2) == np.inf
    # Beyond what is simulated, with the root of the number.
    ratio = smallest_difference(1.0, 1_600, 1) / smallest_difference(1.0, 400, 1)
    assert ratio == pytest.approx(0.5, rel=0.1)
