import numpy as np
import pytest

from nnbench.report.statistics import STEP_LEVEL, open_ends, still_improving


def curves(course, seeds=20, noise=0.02, seed=0):
    course = np.asarray(course, float)
    return course + np.random.default_rng(seed).normal(0, noise, (seeds, len(course)))


EPOCHS = np.arange(1, 51)
RISING = 1 - np.exp(-EPOCHS / 30)
DONE = 1 - np.exp(-EPOCHS / 4)


def test_rising_curve_improves_and_flat_one_does_not():
    assert still_improving(curves(RISING), 0.005)
    assert not still_improving(curves(DONE), 0.005)
    # It rises by e^(-36/30) − e^(-46/30), about 0.08.
    assert not still_improving(curves(RISING), 0.1)


@pytest.mark.parametrize("margin", [0.0, 0.005])
def test_noise_alone_is_rarely_flagged(margin):
    flagged = sum(still_improving(curves(0 * EPOCHS, seed=seed), margin) for seed in range(100))

    # The lower end of a 90% interval: 5% at a margin of 0.
    assert flagged <= (12 if margin == 0 else 0)


def test_rises_that_are_all_the_same_count():
    same = np.tile(np.linspace(0, 1, 50), (8, 1))

    assert still_improving(same, 0.1)
    assert not still_improving(same, 0.3)


@pytest.mark.parametrize("epochs", [1, 2, 5, 9])
def test_few_epochs_may_still_improve(epochs):
    rising = np.linspace(0, 1, epochs) if epochs > 1 else np.ones(1)

    assert still_improving(curves(rising, noise=1e-3), 0.005) == (epochs > 1)


def test_few_seeds_show_nothing():
    assert not still_improving(curves(RISING, seeds=5), 0.0)


def test_open_ends_are_where_the_best_lies():
    better, worse = curves(DONE, seed=1), curves(DONE - 0.05, seed=2)

    assert open_ends(np.stack([better, worse, worse])) == (-1,)
    assert open_ends(np.stack([worse, worse, better])) == (1,)
    assert open_ends(np.stack([worse, better, worse])) == ()
    assert open_ends(np.stack([better, better, worse])) == (-1,)
    assert open_ends(np.stack([better, better, better])) == ()
    assert open_ends(np.stack([worse, better])) == (1,)
    assert open_ends(better[None]) == ()


def test_end_chosen_by_resamples_is_open():
    """Its neighbour leads by less than noise, and both lead the others by far."""
    rng = np.random.default_rng(0)
    levels = np.array([-0.2, -0.1, 0.0005, 0.0])[:, None]
    scores = (levels + rng.normal(0, 0.01, (4, 20)))[..., None]
    scores[2] += 0.0005 + scores[3].mean() - scores[2].mean()

    assert scores.mean(axis=1).argmax() == 2
    assert open_ends(scores) == (1,)


def test_end_of_a_gentle_slope_is_open():
    """Its lead over the others' mean is within noise; the slope over all five isn't."""
    levels = np.array([0.0, 0.003, 0.006, 0.009, 0.012])[:, None, None]
    scores = levels + np.random.default_rng(29).normal(0, 0.015, (5, 10, 1))

    assert open_ends(scores) == (1,)
    assert open_ends(scores[::-1]) == (-1,)


def test_grid_goes_on_along_uncertain_slopes():
    levels = np.array([0.0, 0.003, 0.006, 0.009, 0.012])[:, None, None]
    scores = levels + np.random.default_rng(23).normal(0, 0.02, (5, 20, 1))

    assert open_ends(scores) == ()
    assert open_ends(scores, level=STEP_LEVEL) == (1,)
    assert open_ends(scores[::-1], level=STEP_LEVEL) == (-1,)


@pytest.mark.parametrize(("behind", "ends"), [(0.007, (1,)), (0.009, ())])
def test_end_that_few_resamples_choose(behind, ends):
    """One in 27 resamples chooses the end that is less far behind, one in 112 the other."""
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.01, (2, 8))
    noise = (noise - noise.mean(axis=1, keepdims=True)) / noise.std(axis=1, keepdims=True) * 0.01
    scores = np.array([-0.5, 0.0, -behind])[:, None] + np.vstack([noise[:1], noise])

    assert open_ends(scores[..., None]) == ends


def test_best_end_is_open_on_any_slope():
    levels = np.array([0.9, 0.5, 0.6, 0.7, 0.8])[:, None, None]
    noise = np.random.default_rng(0).normal(0, 0.01, (5, 10, 1))

    assert open_ends(levels + noise) == (-1,)


def test_chance_at_every_setting_is_no_edge():
    flat = np.zeros(50)
    flagged = sum(bool(open_ends(np.stack([curves(flat, seed=3 * seed + k) for k in range(3)])))
                  for seed in range(60))  # fmt: skip
    assert flagged <= 12
    assert open_ends(np.stack([np.zeros((10, 50))] * 4)) == ()


def test_a_constant_lead_is_an_edge():
    levels = np.array([0.1, 0.2, 0.3])[:, None, None]
    assert open_ends(np.broadcast_to(levels, (3, 10, 5))) == (1,)


def test_few_seeds_use_the_best_setting_alone():
    levels = np.array([0.1, 0.2, 0.3])[:, None, None]
    assert open_ends(np.broadcast_to(levels, (3, 2, 5))) == (1,)
    assert open_ends(np.broadcast_to(levels[[0, 2, 1]], (3, 2, 5))) == ()
