"""Comparisons that are tested together, and their spread, from runs tracked and planned."""

import numpy as np
import pandas as pd
import pytest

from nnbench.engine import VERSION
from nnbench.report.compare.families import families
from nnbench.run.errors import ConfigError
from tests.report.runs import NOISE, question, run, table

NOTHING = pd.DataFrame()
PLANNED = table(run(depth=1, test=np.nan), run(depth=3, test=np.nan))


def counted(rows, compare="depth", **asked):
    return [
        (family.dataset, family.pairs, family.trends)
        for family in families(NOTHING, table(*rows), question(compare, **asked))
    ]


@pytest.mark.parametrize(
    ("depths", "pairs", "trends"),
    [((1,), 0, 0), ((1, 3), 1, 0), ((0, 1, 3), 2, 0), ((1, 2, 4), 2, 1), ((0, 1, 2, 4, 6), 4, 1)],
)
def test_family_has_references_and_a_positive_trend(depths, pairs, trends):
    assert counted(run(depth=depth) for depth in depths) == [("digits", pairs, trends)]


def test_words_have_no_trend_and_rates_no_comparison():
    rows = [run(optimizer=name, lr=lr) for name in ("adam", "sgd", "lion") for lr in (0.1, 0.01)]

    assert counted(rows, "optimizer") == [("digits", 2, 0)]


def test_second_key_is_compared_and_both_have_trends():
    rows = [run(depth=d, activation=a) for a in ("relu", "tanh") for d in (1, 2, 4)]

    assert counted(rows, ("activation", "depth")) == [("digits", 4, 2)]
    assert counted(rows, ("depth", "activation")) == [("digits", 3, 2)]


def test_each_data_set_has_its_own_family():
    rows = [run(depth=d, dataset="digits") for d in (1, 2, 4)]
    rows += [run(depth=d, dataset="wine") for d in (1, 2)]

    assert counted(rows) == [("digits", 2, 1), ("wine", 1, 0)]
    assert counted(rows, where={"depth": [1, 4]}) == [("digits", 1, 0), ("wine", 0, 0)]


def test_tracked_runs_count_on_their_data_sets_only():
    tracked = table(run(depth=2), run(depth=4), run(depth=9, dataset="wine"))
    planned = table(run(depth=1), run(depth=2))

    (family,) = families(tracked, planned, question())

    assert (family.dataset, family.pairs, family.trends) == ("digits", 2, 1)


def test_runs_of_an_earlier_engine_count_for_nothing():
    old = [run(seed, depth) | {"engine": VERSION - 1} for depth in (1, 5, 9) for seed in range(9)]
    planned = PLANNED.assign(engine=VERSION)

    (family,) = families(table(*old), planned, question())

    assert (family.pairs, family.trends) == (1, 0)
    assert np.isnan(family.spread)


def test_spread_is_of_paired_differences_at_best_settings():
    # Half of what the seeds of depth 3 have more is their own; the worse rate is wild.
    rows = [run(seed, 1, 0.9 + noise) for seed, noise in enumerate(NOISE)]
    rows += [run(seed, 3, 0.9 + 2 * noise) for seed, noise in enumerate(NOISE)]
    rows += [run(seed, 3, 0.5 + 20 * n, lr=0.1, validation=0.5) for seed, n in enumerate(NOISE)]

    (family,) = families(table(*rows), PLANNED, question())

    assert family.spread == pytest.approx(np.std(NOISE, ddof=1))


def test_spread_is_unknown_for_few_or_planned_runs():
    rows = [run(seed, depth) for depth in (1, 3) for seed in range(5)]

    (family,) = families(table(*rows), PLANNED, question())

    assert np.isnan(family.spread)


def test_spread_is_known_despite_missing_values():
    rows = [run(seed, 1, 0.9 + noise, flops=None) for seed, noise in enumerate(NOISE)]
    rows += [run(seed, 3, 0.9 + 2 * n, flops=None) for seed, n in enumerate(NOISE)]
    rows += [run(seed, 3, 0.5, flops=5000, lr=0.1, validation=0.5) for seed in range(len(NOISE))]

    (family,) = families(table(*rows), PLANNED, question())

    assert family.spread == pytest.approx(np.std(NOISE, ddof=1))


def test_a_truth_is_the_same_planned_and_tracked():
    """A store has truth values as text."""
    tracked = table(*(run(depth=depth, **{"dataset.fresh": "True"}) for depth in (1, 2)))
    planned = table(run(depth=1, **{"dataset.fresh": True}))

    (family,) = families(tracked, planned, question())

    assert (family.dataset, family.pairs) == ("digits", 1)


def test_a_compared_key_that_runs_lack_is_named():
    with pytest.raises(ConfigError, match=r"^compare=dropuot: did you mean dropout"):
        families(table(), table(run(depth=1, dropout=0)), question("dropuot"))
