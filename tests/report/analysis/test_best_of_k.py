"""Expected score of the best of fewer settings."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.report.analysis.best_of_k import Lead, courses, expected_best, leads, shares
from nnbench.report.question import Question
from nnbench.report.sections.best_of_k import make
from tests.report.runs import COMMAND, answered, lost, run, table, texts

ASKED = Question("trial", ("depth",), (COMMAND,), "python -m nnbench report experiment=trial")

RATES = (0.001, 0.01, 0.1)


def test_shares_by_hand():
    third = 1 / 3
    assert shares(3) == pytest.approx(np.array([[third] * 3, [0, third, 2 * third], [0, 0, 1]]))
    assert shares(500).sum(axis=1) == pytest.approx(np.ones(500))


def test_expected_best_by_hand():
    expected = expected_best(np.array([0.5, 0.9, 0.7]), np.array([0.4, 0.8, 0.6]))
    assert expected == pytest.approx([0.6, 0.6 / 3 + 0.8 * 2 / 3, 0.8])
    # What is as good on validation is as likely to be taken.
    assert expected_best(np.array([0.5, 0.5]), np.array([0.0, 1.0])) == pytest.approx([0.5, 0.5])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=6))
def test_expected_best_is_the_mean_over_all_draws(scores):
    validation, test = np.array(scores, float).T

    def best(drawn):
        drawn = list(drawn)
        top = validation[drawn] == validation[drawn].max()
        return test[drawn][top].mean()

    count = len(scores)
    every = [
        np.mean([best(drawn) for drawn in combinations(range(count), k)])
        for k in range(1, count + 1)
    ]
    assert expected_best(validation, test) == pytest.approx(every)


def trials(scores, seeds=1, dataset="digits"):
    """Runs of depths at several rates: {depth: [(validation, test) for each rate]}."""
    return [
        run(seed, depth, test, validation, lr=lr, dataset=dataset)
        for depth, pairs in scores.items()
        for lr, (validation, test) in zip(RATES, pairs, strict=True)
        for seed in range(seeds)
    ]


# Depth 1 is good at any rate, depth 3 very good at one.
FLIP = {1: [(0.7, 0.70), (0.8, 0.72), (0.6, 0.68)], 3: [(0.9, 0.9), (0.2, 0.3), (0.3, 0.3)]}


def findings_of(rows):
    return answered(table(*rows), ASKED)


def test_the_lead_changes_with_the_budget():
    of_data = courses(findings_of(trials(FLIP)).comparison, "digits")

    assert [curve.mean.tolist() for curve in of_data] == [
        pytest.approx([0.7, 0.7 / 3 + 0.72 * 2 / 3, 0.72]),
        pytest.approx([0.5, 0.3 / 3 + 0.9 * 2 / 3, 0.9]),
    ]
    # One seed has no bands, so that nothing is sure.
    assert list(leads(of_data)) == [Lead(1, 2, 1, (3,)), Lead(3, 3, 3, (1,))]


def test_bands_that_keep_apart_are_told():
    rows = [
        run(seed, depth, test + seed / 1000, validation, lr=lr)
        for depth, pairs in FLIP.items()
        for lr, (validation, test) in zip(RATES, pairs, strict=True)
        for seed in range(8)
    ]
    of_data = courses(findings_of(rows).comparison, "digits")
    assert [curve.seeds for curve in of_data] == [8, 8]
    assert list(leads(of_data)) == [Lead(1, 2, 1, ()), Lead(3, 3, 3, ())]


def test_lost_run_counts_as_the_worst_there_was():
    rows = trials(FLIP)
    rows[4] = lost(0, 3, lr=RATES[1])
    mean = courses(findings_of(rows).comparison, "digits")[1].mean
    # 0.3, of the third rate, is the worst of all that ended.
    assert mean == pytest.approx([0.5, 0.3 / 3 + 0.9 * 2 / 3, 0.9])


def test_lower_is_better_of_errors():
    rows = [run(0, 1, test, test, lr=lr, metric="rmse")
            for lr, test in zip(RATES, (3.0, 1.0, 2.0), strict=True)]  # fmt: skip
    seen = answered(table(*rows), replace(ASKED, metric="test_rmse"))
    (course,) = courses(seen.comparison, "digits")
    assert course.mean == pytest.approx([2.0, 2 / 3 + 2 / 3, 1.0])


def test_incomplete_seeds_and_few_settings_are_left_out():
    rows = [*trials(FLIP, seeds=3), *(row for row in trials(FLIP, seeds=4) if row["lr"] == 0.1)]
    assert [curve.seeds for curve in courses(findings_of(rows).comparison, "digits")] == [3, 3]
    two = [row for row in trials(FLIP) if row["lr"] != 0.1]
    assert courses(findings_of(two).comparison, "digits") == []
    assert make(findings_of(two)) is None


def test_section_names_the_stretches():
    section = make(findings_of([*trials(FLIP), *trials({1: FLIP[1], 3: FLIP[1]}, dataset="wine")]))

    assert (
        "On digits, the lead changes with the number of settings: depth 1 at 1 to 2 (its band "
        "overlaps all others); depth 3 at 3 (its band overlaps all others)."
    ) in section.text
    assert "On wine, depth 1 leads with any number of settings up to 3" in section.text[-1]
    (rows,) = section.tables
    assert texts(rows)[0] == ["digits", "1 to 2", "1", "70.0% to 71.3%", "depth 3"]
    assert len(rows.data) == 12
    assert len(section.figures[0].panels) == 2


def test_nothing_is_shown_without_anything_to_choose():
    assert make(findings_of([run(s, d) for s in range(3) for d in (1, 3)])) is None
    assert make(findings_of([lost(0, d, lr=lr) for d in (1, 3) for lr in RATES])) is None
