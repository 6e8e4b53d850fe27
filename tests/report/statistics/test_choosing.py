import numpy as np
import pytest

from nnbench.report.statistics import (
    choose,
    choose_by_halves,
    choosing_scores,
    fill_stopped,
    smooth,
)
from nnbench.report.statistics.choosing import first_best, resampled_scores
from nnbench.report.statistics.resampling import resamples

INF, NAN = np.inf, np.nan


def test_smoothing_is_running_mean_over_tenth_of_epochs():
    curve = np.arange(30.0) ** 2

    np.testing.assert_allclose(smooth(curve)[:2], [(0 + 1 + 4) / 3, (1 + 4 + 9) / 3])
    assert smooth(curve).shape == (28,)
    # Of fewer than twenty epochs nothing is averaged.
    np.testing.assert_array_equal(smooth(curve[:19]), curve[:19])


def test_score_is_the_peak_of_the_smoothed_mean():
    """Score by hand: the maximum of means, not the mean of maxima."""
    curves = np.zeros((2, 2, 3))
    curves[0] = [[1, 0, 0], [0, 1, 0]]  # lucky at different epochs
    curves[1] = [[0, 0, 0.6], [0, 0, 0.6]]

    np.testing.assert_allclose(choosing_scores(curves), [0.5, 0.6])


def test_stopped_runs_keep_their_last_smoothed_value():
    curve = np.arange(30.0)
    curve[20:] = NAN

    filled = fill_stopped(np.stack([curve, np.arange(30.0)]))

    np.testing.assert_allclose(filled[0, 20:], (17 + 18 + 19) / 3)
    np.testing.assert_allclose(filled[0, :20], np.arange(20))
    np.testing.assert_allclose(filled[1], np.arange(30))
    assert np.isnan(curve[20:]).all()
    assert smooth(filled[0])[-1] == pytest.approx(18)


def test_ties_within_rounding_go_to_the_first_setting():
    assert first_best(np.array([0.1 + 0.2, 0.3, 0.2])) == 0
    assert first_best(np.array([0.3, 0.1 + 0.2, 0.2])) == 0
    assert first_best(np.array([-0.3, -0.1 - 0.2])) == 0
    assert first_best(np.array([0.3, 0.3 + 1e-6])) == 1
    curves = np.full((3, 8, 4), 0.7)
    tuned = choose(curves, np.arange(24.0).reshape(3, 8))
    assert tuned.setting == 0
    np.testing.assert_array_equal(tuned.weights, [1, 0, 0])


def test_resampled_scores_are_those_of_seeds_drawn_again():
    """Beside a loop over a few resamples, in which seeds are repeated as often as drawn."""
    rng = np.random.default_rng(0)
    curves, counts = rng.normal(size=(3, 9, 25)), resamples(9, 4_100)

    scores = resampled_scores(curves, counts)

    assert scores.shape == (4_100, 3)
    for row in (0, 1_999, 2_000, 4_099):
        again = np.repeat(curves, counts[row].astype(int), axis=1)
        assert again.shape[1] == 9
        np.testing.assert_allclose(scores[row], choosing_scores(again), rtol=1e-5)


def test_choice_is_made_again_in_each_resample():
    """Beside a loop: what is chosen, how often, and what it reaches."""
    rng = np.random.default_rng(1)
    curves, outcomes = rng.normal(size=(4, 7, 12)), rng.normal(size=(4, 7))
    counts = resamples(7, 300)
    chosen, reached = [], []
    for row in counts:
        seeds = np.repeat(np.arange(7), row.astype(int))
        chosen.append(int(np.argmax(curves[:, seeds].mean(axis=1).max(axis=-1))))
        reached.append(outcomes[chosen[-1], seeds].mean())

    tuned = choose(curves, outcomes, draws=300)

    np.testing.assert_allclose(tuned.rechosen, reached)
    np.testing.assert_allclose(tuned.weights, np.bincount(chosen, minlength=4) / 300)
    np.testing.assert_allclose(tuned.per_seed, tuned.weights @ outcomes)
    assert tuned.setting == np.argmax(curves.mean(axis=1).max(axis=-1))
    assert tuned.mean == pytest.approx(tuned.per_seed.mean())


def test_infinite_outcomes_take_setting_that_is_chosen_most():
    rng = np.random.default_rng(2)
    curves = rng.normal([[[0.0]], [[1.0]]], 1, size=(2, 10, 5))
    outcomes = np.stack([np.arange(10.0), -np.arange(10.0)])
    outcomes[1, 3] = -INF

    tuned = choose(curves, outcomes)

    assert tuned.weights[1] > 0.5
    np.testing.assert_array_equal(tuned.per_seed, outcomes[1])
    assert np.isnan(tuned.rechosen).all()


def test_halves_choose_for_each_other():
    """Each half has a setting that is best for itself alone; the other half is judged by it."""
    outcomes = np.zeros((2, 8))
    outcomes[0, ::2], outcomes[1, 1::2] = 1, 1

    tuned = choose_by_halves(outcomes[..., None], outcomes)

    np.testing.assert_array_equal(tuned.per_seed, np.zeros(8))
    np.testing.assert_allclose(tuned.weights, [0.5, 0.5])
    np.testing.assert_array_equal(tuned.rechosen, 0)
    # All seeds at once would report what they were chosen for.
    assert choose(outcomes[..., None], outcomes).mean == pytest.approx(0.5)


def test_halves_are_not_rewarded_for_luck():
    """Many settings of pure noise: reported for having been chosen they look good."""
    rng = np.random.default_rng(3)
    outcomes = rng.normal(size=(200, 20, 20))
    fair = [choose_by_halves(outcome[..., None], outcome, draws=200).mean for outcome in outcomes]
    lucky = [choose(outcome[..., None], outcome, draws=200).mean for outcome in outcomes]

    assert abs(np.mean(fair)) < 0.05
    assert np.mean(lucky) > 0.2


def test_huge_scores_are_resampled_like_others():
    curves = np.random.default_rng(0).normal(size=(3, 8, 12)) - 5
    counts = resamples(8)
    large = resampled_scores(curves * 1e99, counts)
    assert np.isfinite(large).all()
    np.testing.assert_allclose(large / 1e99, resampled_scores(curves, counts), rtol=1e-5)
