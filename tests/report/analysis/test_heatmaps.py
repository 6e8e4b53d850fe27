"""Mean scores by two settings."""

import numpy as np
import pytest

from nnbench.report.analysis.heatmaps import grids, telling
from tests.report.runs import RATES, lost, run, table
from tests.report.sections.asking import findings


def cells(grid):
    return {(row, column): (mean, gone) for row, column, mean, gone in
            grid.cells[["row", "column", "mean", "lost"]].itertuples(index=False)}  # fmt: skip


def test_compared_key_and_learning_rate_by_validation_figures():
    runs = table(
        *(run(s, d, test=0.1, validation=0.9 - lr * d, lr=lr)
          for s in range(2) for d in (1, 3) for lr in RATES)
    )  # fmt: skip
    (grid,) = grids(findings(runs).comparison)
    assert (grid.keys, grid.split) == (("depth", "lr"), "validation")
    assert (grid.rows, grid.columns) == ([1, 3], list(RATES))
    assert cells(grid)[3, 0.1][0] == pytest.approx(0.6)


def test_cell_with_a_lost_run_has_no_mean():
    runs = table(
        *(lost(s, d, lr=lr) if (s, d, lr) == (1, 3, 0.1) else run(s, d, lr=lr)
          for s in range(2) for d in (1, 3) for lr in RATES)
    )  # fmt: skip
    (grid,) = grids(findings(runs).comparison)
    mean, gone = cells(grid)[3, 0.1]
    assert np.isnan(mean)
    assert gone == 1
    assert cells(grid)[1, 0.1] == (0.9, 0)


def test_other_keys_are_best_without_failed_runs():
    runs = table(
        *(lost(s, d, lr=lr, optimizer=o) if (s, o) == (1, "sgd")
          else run(s, d, 0.99 if o == "sgd" else 0.5, lr=lr, optimizer=o)
          for s in range(2) for d in (1, 3) for lr in RATES for o in ("adam", "sgd"))
    )  # fmt: skip
    (grid,) = grids(findings(runs).comparison)
    assert set(cells(grid).values()) == {(0.5, 0)}


def test_two_compared_keys_by_test_figures():
    runs = table(
        *(run(s, d, test=0.1 * d, validation=0.9, activation=a)
          for s in range(2) for d in (1, 3) for a in ("relu", "tanh"))
    )  # fmt: skip
    (grid,) = grids(findings(runs, "activation", "depth").comparison)
    assert (grid.keys, grid.split) == (("activation", "depth"), "test")
    assert cells(grid)["tanh", 3][0] == pytest.approx(0.3)


def test_setting_that_did_not_vary_makes_no_grid():
    runs = table(*(run(s, 1, lr=lr) for s in range(2) for lr in RATES))
    assert grids(findings(runs).comparison) == []
    runs = table(*(run(s, d) for s in range(2) for d in (1, 3)))
    assert grids(findings(runs).comparison) == []


def test_rates_that_were_drawn_are_no_grid():
    runs = table(
        *(run(s, d, lr=10.0 ** -(1 + i + d / 10)) for s in range(2) for d in (1, 3, 6)
          for i in range(4))
    )  # fmt: skip
    assert grids(findings(runs).comparison) == []


def test_the_learning_rate_says_most():
    assert telling(("dropout", "activation", "lr")) == "lr"
    assert telling(("dropout", "activation")) == "activation"
    assert telling(("dropout", "patience")) == "dropout"
