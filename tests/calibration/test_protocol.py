"""False claims of the rules of verdicts, in few enough experiments for a test."""

from functools import partial

import numpy as np
import pytest
from scipy import stats

from tests.calibration.designs import DESIGNS, Design
from tests.calibration.extension import GRIDS
from tests.calibration.extension import row as extension_row
from tests.calibration.new_rows import row
from tests.calibration.rules import among, equivalent, pair, shares, trended
from tests.calibration.selection import SHAPES, curves_of, regrets

EXPERIMENTS = 60
MOST = stats.binom.ppf(0.999, EXPERIMENTS, 0.05) / EXPERIMENTS
HARD = Design("one, close", DESIGNS[5].first, DESIGNS[5].others)
"""Design with the most false claims."""


@pytest.mark.parametrize(
    ("rule", "share"),
    [
        (pair(HARD, 0.0, 20), "claimed"),
        (trended(HARD, 0.0, 20), "claimed"),
        (equivalent(HARD, 0.01, 0.01, 20, 2), "equivalent"),
    ],
    ids=["pair", "trend", "equivalence"],
)
def test_false_claims_are_rare(rule, share):
    assert shares(rule, EXPERIMENTS, jobs=1)[share] <= MOST


def test_best_setting_beyond_grid_seldom_makes_value_worse():
    """The grid goes on until it has the best one, or the two are not comparable."""
    by_name = {grid.name: grid for grid in GRIDS}
    beyond, unreached = (
        shares(partial(extension_row, by_name[name], 0.0, 20, 2), 30, jobs=1)
        for name in ("inside, beyond", "inside, out of reach")
    )

    assert max(beyond["claimed"], unreached["claimed"]) <= stats.binom.ppf(0.999, 30, 0.05) / 30
    assert beyond["unguarded"] > 0.5
    assert beyond["settings"] > 7
    assert unreached["not comparable"] > 0.9


def test_truly_best_values_are_in_the_set():
    actual = shares(among(HARD, (0.0, 0.0, -0.05), 20), EXPERIMENTS, jobs=1)

    assert actual["all best in"] >= 1 - MOST
    assert actual["size"] < 2.5


def test_claims_for_new_rows_seldom_depend_on_rows():
    actual = shares(partial(row, seeds=10, fresh=False), 20, jobs=1)

    assert actual["shown for new rows"] <= stats.binom.ppf(0.999, 20, 0.05) / 20


def test_large_difference_and_a_steep_trend_are_found():
    assert shares(pair(DESIGNS[0], 0.03, 20), 20, jobs=1)["better"] == 1
    assert shares(trended(DESIGNS[0], -0.02, 20), 20, jobs=1)["claimed"] == 1
    assert shares(equivalent(DESIGNS[0], 0.03, 0.0, 20, 2), 20, jobs=1)["equivalent"] == 1


def test_chosen_score_loses_least_of_simulated_curves():
    lost = regrets(*curves_of(SHAPES[0], np.random.default_rng(0)), seeds=20, experiments=30)

    assert min(lost, key=lambda score: lost[score]) == "best running mean of the mean curve (used)"
    assert lost["best epoch of each run"] > 5 * lost["best running mean of the mean curve (used)"]
