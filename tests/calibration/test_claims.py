"""False claims of reports, in few enough experiments for a test."""

import numpy as np
import pytest
from scipy import stats

from tests.calibration.claims import claims, counted, experiments_of
from tests.calibration.simulated import Scenario, table
from tests.calibration.trained import equal_depths

EXPERIMENTS = 60
MOST = int(stats.binom.ppf(0.999, EXPERIMENTS, 0.05))
"""Claims that 60 reports on equal values make at most, but for one time in a thousand: 9."""


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario("one setting"),
        Scenario("many values", beside=4),
        Scenario("ties", kind="counted"),
        # Judged by the chosen runs alone, about one in three of these is claimed.
        Scenario("close rates", seeds=20, merits=(-0.004, 0, -0.004, -0.008), noise=1 / 3),
    ],
    ids=lambda scenario: scenario.name,
)
def test_equal_values_are_rarely_said_to_differ(scenario):
    assert claims(scenario, EXPERIMENTS).any * EXPERIMENTS <= MOST < EXPERIMENTS / 6


def test_chosen_runs_alone_would_claim_too_much():
    """Purpose of the rivals: without them the same experiments fail this test."""
    scenario = Scenario("", seeds=20, merits=(-0.004, 0, -0.004, -0.008), noise=1 / 3)
    runs = table(scenario, EXPERIMENTS, np.random.default_rng(0))

    alone = sum(contrast.p <= 0.05 for (contrast,) in experiments_of(runs))

    assert alone > MOST


def test_a_large_difference_is_found_and_its_interval_holds_it():
    claimed = claims(Scenario("", difference=0.03), EXPERIMENTS)

    assert claimed.better > 0.95
    # Of 60 intervals of 95%, 51 hold the truth but for one time in a thousand.
    assert claimed.covered * EXPERIMENTS >= stats.binom.ppf(0.001, EXPERIMENTS, 0.95)


def test_runs_that_were_really_trained_are_told_apart_as_rarely():
    rows = counted(equal_depths(10, rates=(0.01,)))

    assert rows[:, 0].sum() <= stats.binom.ppf(0.999, 10, 0.05)
