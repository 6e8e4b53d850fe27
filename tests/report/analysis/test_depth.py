"""The best depth with its interval, and what is lost where."""

import numpy as np
import pytest

from nnbench.report.analysis.depth import ends_of_best, series
from nnbench.report.text.comparison import size_text
from tests.report.runs import depths, lost, run, table
from tests.report.sections.asking import findings


def comparison(runs, *keys):
    return findings(runs, *keys).comparison


def best(runs):
    (found,) = series(comparison(runs))
    return found.best


def test_the_first_and_the_last_of_the_highest_means():
    samples = [np.array([[0.5, 0.5], [0.1, 0.1]]), np.array([[0.4, 0.6], [0.9, 0.9]])]
    np.testing.assert_array_equal(ends_of_best(*samples, axis=-1), [[0, 1], [1, 1]])
    for pair in ((0.1 + 0.2, 0.3), (0.3, 0.1 + 0.2)):
        assert list(ends_of_best(*(np.array([one]) for one in pair), axis=-1)) == [0, 1]


def test_depths_that_are_equally_good_are_all_the_best():
    found = best(depths({1: [0.8] * 6, 2: [0.9] * 6, 3: [0.9] * 6, 6: [0.7] * 6}))
    assert (found.depth, found.equals, found.low, found.high) == (2, (2, 3), 2, 3)
    few = best(depths({1: [0.9], 2: [0.9]}))
    assert (few.depth, few.equals, few.low) == (1, (1, 2), None)


def test_a_depth_that_is_better_on_every_seed_is_sure():
    found = best(depths({1: [0.8] * 6, 3: [0.9, 0.91, 0.92, 0.9, 0.91, 0.92], 6: [0.7] * 6}))
    assert (found.depth, found.low, found.high, found.share) == (3, 3, 3, 1.0)
    assert found.count == 6


def test_pairs_are_kept_when_seeds_are_drawn_again():
    # Seeds differ far more than depths do: drawn apart, depth 1 would often be the best.
    hard = np.linspace(0.5, 0.9, 8)
    found = best(depths({1: hard, 2: hard + 0.01}))
    assert (found.depth, found.low, found.high) == (2, 2, 2)


def test_what_seeds_disagree_on_has_an_interval():
    found = best(depths({1: [0.6] * 8, 2: [0.9, 0.7] * 4, 4: [0.7, 0.89] * 4, 8: [0.1] * 8}))
    assert (found.depth, found.low, found.high) == (2, 2, 4)
    assert 0.5 < found.share < 1


def test_of_equal_depths_the_smaller_comes_first():
    found = best(depths({1: [0.9] * 6, 3: [0.9] * 6}))
    assert (found.depth, found.low, found.high) == (1, 1, 3)


def test_a_few_seeds_give_no_interval():
    found = best(depths({1: [0.8] * 5, 3: [0.9] * 5}))
    assert (found.depth, found.low, found.high, found.count) == (3, None, None, 5)


def test_a_depth_that_lost_a_run_is_not_the_best():
    rows = [run(s, 1, 0.8) for s in range(6)] + [run(s, 3, 0.9) for s in range(5)] + [lost(5, 3)]
    assert best(table(*rows)).depth == 1
    rows = [lost(s, d) for s in range(6) for d in (1, 3)]
    assert best(table(*rows)) is None


def test_of_errors_the_smallest_is_best():
    runs = table(*(run(s, d, 0.1 * d, metric="rmse") for s in range(6) for d in (1, 3)))
    (found,) = series(findings(runs, metric="test_rmse").comparison)
    assert found.best.depth == 1


def test_what_is_lost_in_fitting_and_in_generalising():
    runs = table(
        *(run(s, d, test, train=train, best_train_loss=0.5, test_loss=0.75)
          for s in range(2) for d, train, test in ((1, 1.0, 0.75), (3, 0.5, 0.5)))
    )  # fmt: skip
    (found,) = series(comparison(runs))
    shallow, deep = found.points
    assert (shallow.fitting.mean, shallow.generalising.mean) == (0, 0.25)
    assert (deep.fitting.mean, deep.generalising.mean) == (0.5, 0)
    assert (deep.train_loss.mean, deep.test_loss) == (0.5, 0.75)


def test_gaps_of_errors_are_large_where_it_is_bad():
    runs = table(*(run(s, d, 3.0, train=2.0, metric="rmse") for s in range(2) for d in (1, 3)))
    (found,) = series(findings(runs, metric="test_rmse").comparison)
    assert (found.points[0].fitting.mean, found.points[0].generalising.mean) == (2, 1)


def test_losses_that_were_not_kept_are_missing():
    (found,) = series(comparison(depths({1: [0.9] * 2, 3: [0.9] * 2})))
    assert np.isnan(found.points[0].train_loss.mean)
    assert np.isnan(found.points[0].test_loss)


def test_each_value_of_another_key_has_its_own_best_depth():
    runs = table(
        *(run(s, d, test, optimizer=name) for s in range(6)
          for name, d, test in (("adam", 1, 0.8), ("adam", 3, 0.9), ("sgd", 1, 0.7),
                                ("sgd", 3, 0.2)))
    )  # fmt: skip
    for keys in (("depth", "optimizer"), ("optimizer", "depth")):
        found = series(comparison(runs, *keys))
        assert {each.other: each.best.depth for each in found} == {"adam": 3, "sgd": 1}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "at width 8"),
        ({"params": 2000}, "at equal size (2,000 parameters)"),
        ({"flops": 5000}, "at equal size (5,000 multiply-adds an example)"),
        ({"params": None}, "at width 8"),
    ],
)
def test_at_which_size_depths_are_compared(changes, text):
    runs = table(*(run(s, d, **changes) for s in range(2) for d in (1, 3)))
    assert size_text(comparison(runs)) == text


def test_widths_that_were_chosen_among_are_said():
    runs = table(*(run(s, d, width=w) for s in range(2) for d in (1, 3) for w in (8, 16)))
    assert size_text(comparison(runs)) == "each at its best width"
    runs = table(*(run(s, d, params=p) for s in range(2) for d in (1, 3) for p in (100, 200)))
    assert size_text(comparison(runs)) == "at equal sizes"
