"""The largest learning rate that trains, along a compared number."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nnbench.report.analysis import rate_limits
from nnbench.report.analysis.findings import find
from nnbench.report.charts.rate_ranges import rows_of
from nnbench.report.sections import answer
from nnbench.report.text.answer import answer_of
from nnbench.report.text.rate_limits import rate_limit_sentences
from nnbench.run.errors import ConfigError
from nnbench.run.result import History
from tests.report.runs import Kept, findings_of, lost, question, run, table

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SEEDS = 12


def along(largest, key="depth", seeds=SEEDS):
    """Runs that reach 0.9 up to the largest rate of their value, and 0.3 beyond."""
    return table(
        *(run(s, test=0.9 if rate <= limit else 0.3, **{key: value, "lr": rate})
          for value, limit in largest.items() for rate in RATES for s in range(seeds))
    )  # fmt: skip


def only(runs, compare="depth"):
    (limits,) = findings_of(runs, compare).rate_limits
    return limits


def sentences(runs, compare="depth"):
    findings = findings_of(runs, compare)
    return list(rate_limit_sentences(findings.rate_limits, findings.comparison))


@pytest.mark.parametrize("key", ["depth", "width"])
def test_each_doubling_divides_the_largest_rate(key):
    limits = only(along({1: 0.1, 2: 0.03, 4: 0.01, 8: 0.003}, key), key)

    assert limits.highest == (0.1, 0.03, 0.01, 0.003)
    # Middles of the gaps above, whose logarithms are 0.5 and 0.5 decades apart.
    middles = np.log2(
        [0.1 * 3**0.5, 0.03 * (10 / 3) ** 0.5, 0.01 * 3**0.5, 0.003 * (10 / 3) ** 0.5]
    )
    assert limits.factor == pytest.approx(2 ** np.polyfit([0, 1, 2, 3], middles, 1)[0])
    assert limits.low < limits.factor < limits.high < 1
    assert limits.is_significant
    # All seeds agree, so the grid alone makes the interval wide.
    assert limits.high / limits.low > 1.3


def test_equal_limits_show_no_trend():
    limits = only(along({1: 0.03, 2: 0.03, 4: 0.03}))
    assert limits.factor == pytest.approx(1)
    assert limits.low < 1 < limits.high
    assert not limits.is_significant


def test_ranges_that_leave_the_grid_are_left_out():
    limits = only(along({1: 0.3, 2: 0.1, 4: 0.03, 8: 0.01}))
    assert [group.value for group in limits.groups] == [2, 4, 8]
    assert not findings_of(along({1: 0.3, 2: 0.3, 4: 0.03, 8: 0.01}), "depth").rate_limits


def test_rates_with_a_lost_run_do_not_train():
    runs = [run(s, test=0.9, depth=d, lr=rate) for d in (1, 2, 4) for rate in RATES[:4]
            for s in range(SEEDS) if (d, rate, s) != (4, 0.01, 3)]  # fmt: skip
    runs += [run(s, test=0.3, depth=d, lr=rate) for d in (1, 2, 4) for rate in RATES[4:]
             for s in range(SEEDS)]  # fmt: skip
    assert only(table(*runs, lost(3, 4, lr=0.01))).highest == (0.03, 0.03, 0.003)


def test_seeds_that_disagree_widen_the_interval():
    steady = only(along({1: 0.1, 2: 0.03, 4: 0.01}))
    shaky = table(
        *(run(s, test=0.9 if rate <= limit else (0.9 if s % 2 and rate <= 3.4 * limit else 0.8),
              depth=value, lr=rate)
          for value, limit in {1: 0.1, 2: 0.03, 4: 0.01}.items()
          for rate in RATES for s in range(SEEDS))
    )  # fmt: skip
    unsure = only(shaky)
    assert unsure.high / unsure.low > steady.high / steady.low


def test_last_epoch_has_limits_of_curve_ends():
    """Peaks are equal at every rate; beyond the limit the end is not."""
    largest = {1: 0.1, 2: 0.03, 4: 0.01}
    runs = along(largest).assign(test_accuracy_last=0.5)
    histories = Kept()
    for row in runs.to_dict("records"):
        end = 0.9 if row["lr"] <= largest[row["depth"]] else 0.3
        curve = np.array([0.1, *[0.9] * 10, *[end] * 10])
        histories[row["run_id"]] = History(
            np.arange(21), {"validation_accuracy": curve}, (), np.empty(0, int), {}
        )

    (limits,) = find(runs, histories, question(metric="test_accuracy_last")).rate_limits

    usual = only(along(largest))
    assert limits.highest == (0.1, 0.03, 0.01)
    assert (limits.factor, limits.low, limits.high) == (usual.factor, usual.low, usual.high)


def test_values_at_chance_have_no_largest_rate():
    """Depth 4 is at chance wherever it does not diverge."""
    runs = along({1: 0.1, 2: 0.03, 3: 0.03}).assign(chance=0.5)
    rows = [run(s, 4, 0.5, lr=rate, chance=0.5) if rate < 0.02 else lost(s, 4, lr=rate)
            for rate in RATES for s in range(SEEDS)]  # fmt: skip

    limits = only(pd.concat([runs, table(*rows)], ignore_index=True))

    assert [group.value for group in limits.groups] == [1, 2, 3]


@pytest.mark.parametrize(
    ("runs", "compare"),
    [
        (along({1: 0.03, 2: 0.01}), "depth"),
        (along({1: 0.03, 2: 0.01, 4: 0.003}, seeds=4), "depth"),
        (along({"relu": 0.03, "tanh": 0.01, "sine": 0.003}, "activation"), "activation"),
    ],
    ids=["two values", "few seeds", "words"],
)
def test_what_has_no_slope(runs, compare):
    assert findings_of(runs, compare).rate_limits == []


def test_one_sentence_names_all_data_sets():
    (falls,) = sentences(along({1: 0.1, 2: 0.03, 4: 0.01, 8: 0.003}))
    assert falls.startswith(
        "With each doubling of depth, the largest learning rate that trains falls by a factor of 3."
    )
    assert "12 seeds; from 0.1 at 1 to 0.003 at 8" in falls
    (flat,) = sentences(along({1: 0.03, 2: 0.03, 4: 0.03}))
    assert "no significant trend with depth" in flat


def test_groups_on_two_lines_are_resampled_once(monkeypatch):
    rows = [
        run(s, d, test=0.9 if rate <= limit else 0.3, width=width, lr=rate)
        for width in (1, 2, 4)
        for d, limit in {1: 0.1, 2: 0.03, 4: 0.01}.items()
        for rate in RATES
        for s in range(SEEDS)
    ]
    resampled = []
    own = rate_limits.gaps_in_resamples
    monkeypatch.setattr(
        rate_limits, "gaps_in_resamples", lambda *args: resampled.append(args[0]) or own(*args)
    )
    limits = findings_of(table(*rows), ("width", "depth")).rate_limits
    assert {of_line.line.key for of_line in limits} == {"width", "depth"}
    # All six lines of a data set share the errors.
    assert {round(of_line.level, 6) for of_line in limits} == {round(1 - 0.05 / 6, 6)}
    assert len(resampled) == len(set(resampled)) == 9


def test_rates_can_be_the_question():
    findings = findings_of(
        along({1: 0.1, 2: 0.03, 4: 0.01, 8: 0.003}), metric="learning_rate_limit"
    )
    own = answer_of(findings)
    assert own.headline.startswith(
        "With each doubling of depth, the largest learning rate that trains falls by a factor of "
    )
    assert "up to 0.1 at depth 1, up to 0.003 at depth 8)" in own.headline
    (limits,) = findings.rate_limits
    assert limits.level == 0.95
    wider = replace(limits, comparisons=6)
    assert wider.low < limits.low < limits.high < wider.high
    low, high = sorted((1 / limits.low, 1 / limits.high))
    assert (
        f"by a factor of {1 / limits.factor:.2g} on digits (95% CI {low:.2g} to {high:.2g}: "
        in (own.headline)
    )
    assert all(len(bullet.split()) <= 35 for bullet in own.bullets)
    assert len(own.bullets) == 3
    # Scores are compared as usual.
    assert {contrast.group.measure.name for contrast in findings.contrasts} == {"test_accuracy"}


def test_flat_rates_have_no_trend():
    findings = findings_of(along({1: 0.03, 2: 0.03, 4: 0.03}), metric="learning_rate_limit")
    assert "shows no significant trend on digits (95% CI " in answer_of(findings).headline


def test_rates_beyond_the_grid_are_unknown():
    runs = along({1: 0.3, 2: 0.3, 4: 0.3})
    text = answer_of(findings_of(runs, metric="learning_rate_limit")).headline
    assert text.startswith("The largest learning rate that trains has no known trend with depth: ")


def test_many_lines_have_the_range_of_factors():
    limits = {1: 0.1, 2: 0.03, 4: 0.01}
    runs = pd.concat([along(limits).assign(dataset=name) for name in ("a", "b", "c")])
    runs = runs.assign(key=range(len(runs)), run_id=range(len(runs)))
    text = answer_of(findings_of(runs, metric="learning_rate_limit")).headline
    assert text.endswith(" on 3 of 3 data sets.")


def test_one_rate_is_refused():
    runs = table(*(run(s, d) for d in (1, 2, 4) for s in range(SEEDS)))
    with pytest.raises(ConfigError, match="metric=learning_rate_limit: needs several learning"):
        findings_of(runs, metric="learning_rate_limit")


def test_chart_of_rates_comes_first():
    findings = findings_of(along({1: 0.1, 2: 0.03, 4: 0.01}), metric="learning_rate_limit")
    section = answer.make(findings)
    first, scores = section.figures
    assert (first.name, first.folded) == ("forest", False)
    assert (scores.name, scores.folded) == ("forest-scores", True)
    rows = rows_of(findings.comparison, findings.comparison.groups)
    assert rows["label"].tolist() == ["up to 0.1", "up to 0.03", "up to 0.01"]
    # The limit of 0.1 lies below the next rate of the grid.
    assert rows["next"].tolist() == [0.3, 0.1, 0.03]
