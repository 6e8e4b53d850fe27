import numpy as np
import pytest

from nnbench.report.compare.validation_curves import (
    aligned,
    chance_level,
    open_ends_of,
    validation_curve,
)
from nnbench.report.metric import Metric
from nnbench.run.result import History

ACCURACY, LOSS, R2 = map(Metric, ("accuracy", "loss", "r2"))


def history(**curves):
    first = next(iter(curves.values()))
    named = {f"validation_{name}": np.array(curve) for name, curve in curves.items()}
    return History(np.arange(len(first)), named, (), np.arange(0), {})


def test_higher_is_better_and_huge_scores_are_unknown():
    losses = history(loss=[2.0, 1.0, np.inf, 1e101])
    np.testing.assert_array_equal(validation_curve(losses, LOSS), [-2, -1, np.nan, np.nan])
    np.testing.assert_array_equal(validation_curve(history(r2=[-0.5, 0.5]), R2), [-0.5, 0.5])
    assert validation_curve(losses, ACCURACY) is None


def test_chance_level_is_what_runs_had_before_training():
    curves = [np.array([0.25, 0.9]), np.array([0.75, 0.9]), np.array([np.nan, 0.9])]
    assert chance_level(curves, ACCURACY) == 0.5
    assert chance_level([np.array([-2.0, -1.0])], LOSS) == -2
    assert chance_level(curves, R2) == 0
    assert np.isnan(chance_level([], LOSS))


def test_stopped_run_keeps_and_failed_run_loses_score():
    rising = np.arange(31.0)
    curves = aligned([[rising, rising[:21]], [None, rising]], chance=-1.0)

    assert curves.shape == (2, 2, 30)
    np.testing.assert_array_equal(curves[0, 0], rising[1:])
    np.testing.assert_array_equal(curves[0, 1, :20], rising[1:21])
    # A tenth of the epochs are smoothed: 18, 19, 20.
    np.testing.assert_array_equal(curves[0, 1, 20:], 19.0)
    np.testing.assert_array_equal(curves[1, 0], -1.0)


def runs(scores, seeds=8, **lost):
    """Curves at learning rate and batch size → score; noise is the same for all settings."""
    noise = np.random.default_rng(0).normal(0, 0.001, seeds)
    return {
        frozenset({"lr": lr, "batch_size": size}.items()): {
            seed: None if (lr, size) in lost.get("at", ()) else np.array([0.5, *[score + n] * 20])
            for seed, n in enumerate(noise)
        }
        for (lr, size), score in scores.items()
    }


@pytest.mark.parametrize(
    ("scores", "rate", "size"),
    [
        # Along the rate at the best batch size, and the other way round.
        ({(0.1, 8): 0.6, (1.0, 8): 0.7, (0.1, 16): 0.8, (1.0, 16): 0.9}, [(1, 1.0)], [(1, 16)]),
        ({(0.1, 8): 0.9, (1.0, 8): 0.7, (0.1, 16): 0.8, (1.0, 16): 0.6}, [(-1, 0.1)], [(-1, 8)]),
        ({(0.1, 8): 0.6, (1.0, 8): 0.7, (10, 8): 0.6, (0.1, 16): 0.5}, [], None),
        # Where all are equally good, no end is better than the others.
        ({(0.1, 8): 0.6, (1.0, 8): 0.6, (0.1, 16): 0.6, (1.0, 16): 0.6}, [], []),
    ],
)
def test_the_line_through_the_best_setting_is_judged(scores, rate, size):
    assert open_ends_of(runs(scores), "lr", chance=0.5) == rate
    if size is not None:
        assert open_ends_of(runs(scores), "batch_size", chance=0.5) == size


def test_end_at_which_no_run_finished_is_none():
    scores = {(0.1, 8): 0.3, (1.0, 8): 0.4}
    assert open_ends_of(runs(scores), "lr", chance=0.5) == [(1, 1.0)]
    assert open_ends_of(runs(scores, at=[(1.0, 8)]), "lr", chance=0.5) == []


def test_seeds_that_some_setting_lacks_decide_nothing():
    curves = runs({(0.1, 8): 0.3, (1.0, 8): 0.4})
    first, _ = curves.values()
    first.clear()
    assert open_ends_of(curves, "lr", chance=0.5) == []
