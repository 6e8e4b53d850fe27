"""Effect of each doubling of a compared number."""

import numpy as np
import pytest

from nnbench.report.analysis.slopes import slopes
from nnbench.report.statistics import Course, Outcome
from nnbench.report.text.verdict import verdicts
from tests.report.runs import depths, findings_of, lost, run, table

SEEDS = 12
NOISE = 0.002 * np.array([1, -1, 2, -2, 0.5, -0.5, 1.5, -1.5, 0.7, -0.7, 0.2, -0.2])


def along(scores, key="depth", seeds=SEEDS, **changes):
    """Runs whose test scores are these by value of the key, but for noise that differs by value."""
    return table(
        *(run(s, **{key: value}, test=score + np.roll(NOISE, 5 * i)[s], **changes)
          for i, (value, score) in enumerate(scores.items()) for s in range(seeds))
    )  # fmt: skip


def only(runs, compare="depth", **changes):
    (trend,) = findings_of(runs, compare, **changes).trends
    return trend


@pytest.mark.parametrize("key", ["depth", "width", "batch_size"])
def test_a_known_slope(key):
    """Two points less with each doubling, of values that are no powers of two as well."""
    scores = {value: 0.9 - 0.02 * np.log2(value) for value in (3, 5, 12, 40)}
    trend = only(along(scores, key), key)

    assert trend.slope.mean == pytest.approx(-0.02, abs=0.001)
    low, high = trend.bounds
    assert low < -0.02 < high < 0
    assert high - low < 0.004
    assert trend.decision.outcome is Outcome.WORSE
    # All twelve seeds agree, and it is tested before its three pairs.
    assert trend.slope.effect.p == 2 / 2**12
    assert (trend.decision.p, trend.decision.comparisons) == (2 / 2**12, 1)
    assert trend.slope.course is Course.STRAIGHT


def test_the_slope_of_each_seed_is_least_squares():
    runs = along({1: 0.9, 2: 0.8, 3: 0.85, 8: 0.6})
    by_seed = [
        np.polyfit(np.log2([1, 2, 3, 8]), runs[runs["seed"] == s]["test_accuracy"], 1)[0]
        for s in range(SEEDS)
    ]

    np.testing.assert_allclose(only(runs).slope.effect.per_seed, by_seed)


def test_a_loss_that_falls_is_better():
    runs = table(
        *(run(s, d, test_loss=(2 - 0.3 * np.log2(d)) + NOISE[s] * d, best_validation_loss=1 / d)
          for d in (1, 2, 4) for s in range(SEEDS))
    )  # fmt: skip
    trend = only(runs, metric="test_loss")

    assert trend.decision.outcome is Outcome.BETTER
    assert trend.slope.mean == pytest.approx(-0.3, abs=0.01)
    assert trend.bounds[0] < -0.3 < trend.bounds[1] < 0


def test_no_slope_is_inconclusive():
    trend = only(along(dict.fromkeys((1, 2, 4), 0.8)))
    assert trend.decision.outcome is Outcome.INCONCLUSIVE
    assert trend.bounds[0] < 0 < trend.bounds[1]


def test_zero_is_left_out_and_told():
    slope = only(along({0: 0.2, 1: 0.9, 2: 0.88, 4: 0.86})).slope
    assert (slope.zeros, slope.unsettled) == ((0,), ())
    assert slope.mean == pytest.approx(-0.02, abs=0.001)


def test_values_with_an_unknown_best_are_left_out():
    comparison = findings_of(along({1: 0.9, 2: 0.88, 4: 0.86, 8: 0.2})).comparison
    deepest = comparison.groups[-1]

    (slope,) = slopes(comparison, [deepest])
    assert slope.unsettled == (8,)
    assert slope.mean == pytest.approx(-0.02, abs=0.001)
    assert slopes(comparison, comparison.groups[2:]) == []


def test_best_setting_at_a_ranges_end_is_unknown():
    """Depth 8 is best at the largest rate; it does badly, and is neither worse nor in the set."""
    rates = (0.01, 0.1, 1.0)
    rows = [
        run(s, d, score + np.roll(NOISE, d)[s] - abs(place - best) / 10, lr=lr)
        for d, score, best in ((1, 0.9, 1), (2, 0.88, 1), (4, 0.86, 1), (8, 0.5, 2))
        for place, lr in enumerate(rates) for s in range(SEEDS)
    ]  # fmt: skip
    findings = findings_of(table(*rows))
    (trend,) = findings.trends

    assert trend.slope.unsettled == (8,)
    assert trend.slope.mean == pytest.approx(-0.02, abs=0.001)
    assert trend.decision.comparisons == 1
    (best,) = findings.not_worse
    assert [group.value for group in best.members] == [1, 8]


@pytest.mark.parametrize(
    ("scores", "course", "turning"),
    [
        ({1: 0.7, 2: 0.9, 4: 0.8, 8: 0.6}, Course.BEST_IN_THE_MIDDLE, 2),
        ({1: 0.9, 2: 0.7, 4: 0.6, 8: 0.8}, Course.WORST_IN_THE_MIDDLE, 4),
        ({1: 0.9, 2: 0.9, 4: 0.9, 8: 0.7}, Course.LATE, None),
        ({1: 0.9, 2: 0.7, 4: 0.7, 8: 0.7}, Course.EARLY, None),
    ],
)
def test_courses_that_bend(scores, course, turning):
    slope = only(along(scores)).slope
    assert slope.course is course
    assert turning in (None, slope.turning)


def test_runs_that_diverged_count_at_chance_level():
    rows = [run(s, d, 0.9 + NOISE[s] / d) for d in (1, 2) for s in range(SEEDS)]
    rows += [lost(s, 4) for s in range(SEEDS)]
    # Before training accuracy is 0.1: the slope over 0, 1 and 2 is half of the way from 0.9.
    assert only(table(*rows)).slope.mean == pytest.approx(-0.4, abs=0.002)


@pytest.mark.parametrize(
    ("runs", "key"),
    [
        (along({1: 0.9, 2: 0.8}), "depth"),
        (along({0: 0.9, 1: 0.9, 2: 0.8}), "depth"),
        (along(dict.fromkeys(("adam", "sgd", "lion"), 0.8), "optimizer"), "optimizer"),
        (along({1: 0.9, 2: 0.8, 3: 0.7}, seeds=5), "depth"),
        (table(*(lost(s, d) for s in range(6) for d in (1, 2, 4))), "depth"),
    ],
    ids=["two values", "two above zero", "words", "five seeds", "all lost"],
)
def test_what_has_no_trend(runs, key):
    assert findings_of(runs, key).trends == ()


def test_each_key_has_trends_by_the_other_key():
    rates = {"adam": -0.02, "sgd": 0.03}
    runs = table(
        *(run(s, d, 0.6 + rates[name] * np.log2(d) + np.roll(NOISE, d)[s], optimizer=name)
          for name in rates for d in (1, 2, 4) for s in range(SEEDS))
    )  # fmt: skip
    trends = findings_of(runs, ("optimizer", "depth")).trends
    by_optimizer = {trend.slope.line.others["optimizer"]: trend for trend in trends}

    assert {name: round(trend.slope.mean, 3) for name, trend in by_optimizer.items()} == rates
    # Two trends, which share the errors.
    assert {trend.decision.comparisons for trend in by_optimizer.values()} == {2}


def test_each_data_set_is_tested_for_itself():
    runs = table(
        *(run(s, d, 0.9 - d / 100 + np.roll(NOISE, d)[s], dataset=name)
          for name in ("iris", "wine") for d in (1, 2, 4) for s in range(SEEDS))
    )  # fmt: skip
    findings = findings_of(runs)
    assert [trend.decision.comparisons for trend in findings.trends] == [1, 1]
    assert [contrast.comparisons for contrast in findings.contrasts] == [1] * 4


def test_depths_of_one_run_each_have_none():
    assert findings_of(depths({1: [0.9], 2: [0.8], 4: [0.7]})).trends == ()


def test_trend_left_out_by_unsettled_values_is_stated():
    """Three depths, of which one has its best rate at the end of what was tried."""
    rows = [
        run(s, d, 0.9 + NOISE[s], lr=lr, validation=0.9 if lr == (0.1 if d == 4 else 0.01) else 0.5)
        for d in (1, 2, 4) for lr in (0.001, 0.01, 0.1) for s in range(SEEDS)
    ]  # fmt: skip
    findings = findings_of(table(*rows), "depth")

    assert findings.trends == ()
    assert [line.values for line in findings.trendless] == [(1, 2, 4)]
    assert (
        "On digits, no trend with depth is given: fewer than 3 values remain after leaving out "
        "depth 4 (best setting unknown)."
    ) in verdicts(findings)
