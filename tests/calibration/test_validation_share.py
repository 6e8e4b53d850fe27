"""Choices by validation sets of several sizes."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.calibration.validation_share import arrays, groups, reached, table

TEST = np.array([0.8, 0.9, 0.7])[:, None] + np.linspace(-0.01, 0.01, 40)


def curves(noise):
    rng = np.random.default_rng(0)
    return np.repeat(TEST[..., None], 12, axis=-1) + rng.normal(0, noise, (3, 40, 1))


def test_noiseless_choice_loses_nothing_and_noise_the_mean():
    sure, blind = (reached(curves(noise), TEST, 300, 20) for noise in (0.0, 1e3))

    assert (sure.test, sure.regret) == pytest.approx((0.9, 0.0))
    assert blind.regret == pytest.approx(0.9 - blind.test)
    assert blind.regret > 0.02
    assert blind.per_seed.mean() == pytest.approx(blind.test)


def test_shares_are_compared_seed_by_seed():
    better = TEST + 0.02
    rows = table([("moons, depth 1", [(curves(0.0), TEST), (curves(0.0), better)]),
                  ("diabetes, depth 1", [(curves(0.0), TEST)] * 2)], 10)  # fmt: skip

    assert rows == [
        ["moons, depth 1", "90.00 (0.00)", "92.00 (0.00)", "+2.00 ± 0.00"],
        ["diabetes, depth 1", "90.00 (0.00)", "90.00 (0.00)", "+0.00 ± 0.00"],
        ["mean", "90.00 (0.00)", "91.00 (0.00)", "+1.00 ± 0.00"],
        ["mean of accuracies", "90.00 (0.00)", "92.00 (0.00)", "+2.00 ± 0.00"],
    ]


def run_of(status, course):
    history = SimpleNamespace(curves={"validation_accuracy": np.array(course)})
    config = SimpleNamespace(epochs=2)
    return SimpleNamespace(
        status=status, history=history, config=config, final={"test_accuracy": 0.9}
    )


def test_lost_runs_count_at_chance_level_before_training():
    by_setting = [[run_of("finished", [0.2, 0.6, 0.8])], [run_of("diverged", [0.4, 0.9])]]
    courses, test = arrays(by_setting)

    assert test.tolist() == [[0.9], [pytest.approx(0.3)]]
    assert courses[:, 0].tolist() == [[0.6, 0.8], [pytest.approx(0.3)] * 2]


def test_real_runs_have_scores_and_curves():
    name, by_share = next(groups(2, ["epochs=2", "width=4"]))

    assert name == "digits, depth 1"
    assert [(runs[0].shape, runs[1].shape) for runs in by_share] == [((5, 2, 2), (5, 2))] * 3
    assert all(np.isfinite(array).all() for runs in by_share for array in runs)
