"""Values that are not worse than the best."""

import numpy as np
import pytest

from nnbench.report.analysis.best_sets import not_worse
from nnbench.report.analysis.contrasts import Outcome
from tests.report.runs import depths, findings_of, lost, run, table

NOISE = 0.01 * np.array([1, -1, 2, -2, 0.5, -0.5, 1.5, -1.5])


def best_sets_of(runs, compare="depth", **changes):
    (only,) = findings_of(runs, compare, **changes).not_worse
    return only


def members(runs, compare="depth", **changes):
    return [group.value for group in best_sets_of(runs, compare, **changes).members]


def test_values_that_seeds_disagree_on_share_it():
    best = best_sets_of(depths({1: [0.6] * 8, 2: 0.8 + NOISE, 4: 0.801 - NOISE, 8: [0.1] * 8}))
    assert [group.value for group in best.members] == [2, 4]
    assert best.best.value == 4
    assert [best.shares[group] for group in best.groups][::3] == [0, 0]
    assert sum(best.shares.values()) == pytest.approx(1)
    assert (best.seeds, best.has_enough_seeds) == (8, True)


def test_what_is_called_worse_is_not_in_it():
    findings = findings_of(depths({1: 0.9 + NOISE, 2: 0.9 - NOISE, 4: 0.8 + NOISE / 2}))
    outcomes = {contrast.group.value: contrast.outcome for contrast in findings.contrasts}
    assert outcomes == {2: Outcome.INCONCLUSIVE, 4: Outcome.WORSE}
    (best,) = findings.not_worse
    assert [group.value for group in best.members] == [1, 2]


def test_pairs_are_kept_when_seeds_are_drawn_again():
    """Seeds differ far more than depths do."""
    hard = np.linspace(0.5, 0.9, 8)
    assert members(depths({1: hard, 2: hard + 0.01 + NOISE / 10})) == [2]


def test_equal_values_are_all_in_it():
    assert members(depths({1: [0.8] * 6, 2: [0.9] * 6, 3: [0.9] * 6, 6: [0.7] * 6})) == [2, 3]


def test_values_with_an_unknown_best_are_in_it():
    findings = findings_of(depths({1: 0.9 + NOISE, 2: 0.8 - NOISE, 4: 0.7 + NOISE / 2}))
    groups = findings.comparison.groups
    best = not_worse(groups, findings.contrasts, [groups[2]])
    assert [group.value for group in best.members] == [1, 4]


def test_diverged_runs_count_at_chance_level():
    """One of eight lost: 0.9 on average of seven, and 0.1, is 0.8."""
    rows = [run(s, 1, 0.5 + NOISE[s]) for s in range(8)]
    rows += [*(run(s, 3, 0.9 + NOISE[s] / 2) for s in range(7)), lost(7, 3)]
    rows += [lost(s, 6) for s in range(8)]
    best = best_sets_of(table(*rows))
    assert best.best.value == 3
    assert 6 not in [group.value for group in best.members]
    assert best.shares[best.best] > 0.9


def test_with_few_seeds_all_are_in_it():
    best = best_sets_of(depths({1: [0.8] * 5, 3: [0.9] * 5}))
    assert (len(best.members), best.best.value, best.has_enough_seeds) == (2, 3, False)


def test_of_errors_the_smallest_is_best():
    runs = table(*(run(s, d, 0.1 * d + NOISE[s] / d, metric="rmse")
                   for s in range(8) for d in (1, 3)))  # fmt: skip
    assert members(runs, metric="test_rmse") == [1]


def test_words_have_it_as_well():
    runs = table(*(run(s, 1, 0.5 + 0.3 * (name == "sgd") + NOISE[s], optimizer=name)
                   for name in ("adam", "lion", "sgd") for s in range(8)))  # fmt: skip
    assert members(runs, "optimizer") == ["sgd"]


def test_nothing_to_compare_has_none():
    assert findings_of(depths({3: [0.9] * 6})).not_worse == []
    assert findings_of(table(*(lost(s, d) for s in range(6) for d in (1, 3)))).not_worse == []
    assert findings_of(table(run(0), run(1, 3))).not_worse == []
