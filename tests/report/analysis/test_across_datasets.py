"""Sentences across data sets, where each of them is one replicate."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nnbench.report.analysis.across_datasets import (
    cliques,
    critical_difference,
    friedman,
    merits_of,
    pair,
)
from nnbench.report.charts.critical_difference import stacked, ticks
from nnbench.report.question import Question
from nnbench.report.sections.across import make
from nnbench.report.text.across_datasets import across_text
from tests.report.runs import COMMAND, answered, lost, run, table, texts

ASKED = Question("trial", ("depth",), (COMMAND,), "python -m nnbench report experiment=trial")


def scores(by_data, seeds=1):
    """Runs by data set and depth: {dataset: {depth: test accuracy}}."""
    return table(
        *(
            run(seed, depth, test, dataset=name)
            for name, by_depth in by_data.items()
            for depth, test in by_depth.items()
            for seed in range(seeds)
        )
    )


def findings_of(runs):
    return answered(runs, ASKED)


def texts_of(seen):
    return across_text(seen.across, seen.comparison)


ORDERED = {name: {0: 0.5 + i / 100, 1: 0.6 + i / 50, 3: 0.7} for i, name in enumerate("abcd")}


def test_friedman_by_hand():
    # Four data sets agree on the order of three: χ² = 12/(4·3·4)·(4² + 8² + 12²) − 3·4·4 = 8.
    merits = np.array([[0.1, 0.2, 0.3]] * 4) + np.arange(4)[:, None]
    assert friedman(merits) == pytest.approx(np.exp(-8 / 2))
    assert friedman(np.ones((4, 3))) == 1


def test_critical_difference_of_the_literature():
    # Demšar 2006, section 3.2.2: four classifiers on 14 data sets.
    assert critical_difference(4, 14) == pytest.approx(1.25, abs=0.005)
    assert critical_difference(5, 30) == pytest.approx(2.728 * np.sqrt(30 / 180), abs=0.001)


@pytest.mark.parametrize(
    ("ranks", "critical", "groups"),
    [
        ([1.964, 2.0, 2.893, 3.143], 1.25, [(0, 3)]),
        ([1.964, 2.0, 2.893, 3.143], 1.12, [(0, 2), (2, 3)]),
        ([1.0, 2.0, 3.0], 0.5, []),
        ([1.0, 1.0, 3.0, 3.5], 1.0, [(0, 1), (2, 3)]),
        ([2.0, 2.0], 1.0, [(0, 1)]),
    ],
)
def test_cliques_are_the_longest_stretches(ranks, critical, groups):
    assert cliques(ranks, critical) == groups


def test_pairs_count_data_sets():
    counted = pair("a", "b", np.array([0.9, 0.8, 0.7, -np.inf]), np.array([0.8, 0.8, 0.6, -np.inf]))
    assert (counted.wins, counted.ties, counted.losses, counted.p) == (2, 2, 0, 0.5)
    assert pair("a", "b", np.array([0.9, 0.8]), np.array([0.8, 0.8])).p == 1


def test_most_data_sets_are_outweighed_by_large_losses():
    """21 small wins, 19 large losses: Wilcoxon's test is sure, and not of the one that wins."""
    gains = np.concatenate([np.arange(1, 22), -np.arange(22, 41)]) / 1000
    runs = scores({f"d{i}": {0: 0.5, 1: 0.5 + gain} for i, gain in enumerate(gains)})
    (only,) = findings_of(runs).across.pairs

    assert (only.left, only.wins, only.losses) == (1, 21, 19)
    assert only.p < 0.05
    assert only.rank_sum == 21 * 22 / 2 - 19 * 31
    assert "depth 1 shows no significant difference from depth 0" in texts_of(findings_of(runs))


def test_a_pair_is_turned_around():
    seen = findings_of(scores(ORDERED)).across
    there, back = seen.between(3, 0), seen.between(0, 3)

    assert (back.left, back.right, back.wins, back.losses) == (0, 3, there.losses, there.wins)
    assert (back.rank_sum, back.p_holm) == (-there.rank_sum, there.p_holm)


def test_ranks_and_sentence_of_data_sets_that_agree():
    seen = findings_of(scores(ORDERED))
    whole = seen.across

    assert whole.values == [3, 1, 0]
    assert whole.ranks.tolist() == [[1, 2, 3]] * 4
    assert whole.lowest_p == 0.125 * 3
    assert (whole.between(0, 3).wins, whole.between(0, 3).losses) == (0, 4)
    assert texts_of(seen) == (
        "Across 4 data sets, depth 3 has the best mean rank, 1 of 3 (Friedman p = 0.018): not all "
        "are alike, but which of them differ is unknown, as no pair could have p below 0.38 "
        "(Holm-corrected); at least 7 data sets are needed."
    )


def test_enough_data_sets_tell_pairs_apart():
    many = {f"d{i}": {0: 0.5, 1: 0.6 + i / 100, 3: 0.8 - i / 100} for i in range(9)}
    many["d9"] = {0: 0.9, 1: 0.7, 3: 0.6}

    assert texts_of(findings_of(scores(many))) == (
        "Across 10 data sets, depth 3 has the best mean rank, 1.2 of 3 (Friedman p = 0.0017); it "
        "is better than depth 1 (Wilcoxon over data sets, Holm-corrected p at most 0.047), with no "
        "significant difference from depth 0."
    )


def test_two_values_need_no_ranks():
    section = make(
        findings_of(scores({name: {0: 0.5, 1: 0.6 + i / 100} for i, name in enumerate("abc")}))
    )

    assert section.text[0] == (
        "Across 3 data sets, depth 1 shows no significant difference from depth 0: better on 3 and "
        "worse on 0 (Wilcoxon over data sets: p = 0.25; so few data sets can't reach p below "
        "0.25, and at least 6 are needed)."
    )
    assert section.figures == []
    six = {name: {0: 0.5, 1: 0.6 + i / 100} for i, name in enumerate("abcdef")}
    assert "depth 1 is better than depth 0: better on 6 and worse on 0" in texts_of(
        findings_of(scores(six))
    )


def test_one_data_set_says_nothing_across():
    seen = findings_of(scores({"a": {0: 0.5, 1: 0.6}}))
    assert seen.across is None
    assert make(seen) is None


def test_lost_groups_rank_last():
    rows = [
        lost(seed, 3, dataset=name) if seed and depth == 3 else run(seed, depth, 0.5 + depth / 10,
                                                                   dataset=name)
        for name in "ab" for depth in (0, 1, 3) for seed in (0, 1)
    ]  # fmt: skip
    whole = findings_of(table(*rows)).across

    assert whole.values == [1, 0, 3]
    assert whole.ranks.tolist() == [[1, 2, 3]] * 2


def test_lower_errors_are_better_over_all_seeds():
    rows = [run(s, d, 0.1 * (d + s), metric="rmse", dataset="a") for d in (1, 2) for s in (0, 1)]
    seen = answered(table(*rows), replace(ASKED, metric="test_rmse"))
    assert merits_of(seen.comparison.groups) == pytest.approx([-0.15, -0.25])


def test_means_are_of_common_seeds():
    """Depth 2 has more seeds, which are easier."""
    rows = [run(s, d, 0.5 + s / 10) for d, seeds in ((1, 2), (2, 4)) for s in range(seeds)]
    seen = answered(table(*rows), ASKED)
    assert merits_of(seen.comparison.groups) == [0.55, 0.55]
    apart = answered(table(run(0, 1, 0.5), run(1, 2, 0.7)), ASKED)
    assert merits_of(apart.comparison.groups) == [0.5, 0.7]


def test_equal_mean_ranks_are_no_lead():
    level = findings_of(scores({name: {0: 0.5, 1: 0.5, 3: 0.5} for name in "ab"}))
    assert across_text(level.across, level.comparison) == (
        "Across 2 data sets, all have the same mean rank."
    )
    two = findings_of(scores({"a": {0: 0.5, 1: 0.6, 3: 0.7}, "b": {0: 0.5, 1: 0.7, 3: 0.6}}))
    assert "depth 1 and depth 3 have the best mean rank, 1.5 of 3" in across_text(
        two.across, two.comparison
    )


def test_data_sets_without_some_value_are_left_out():
    section = make(findings_of(scores({**ORDERED, "e": {0: 0.5, 1: 0.6}})))

    assert "Left out, since not all values were run on them: e." in section.text
    ranks, pairs = section.tables
    assert [row[:3] for row in texts(ranks)] == [
        ["3", "1.00", "1 to 1"],
        ["1", "2.00", "2 to 2"],
        ["0", "3.00", "3 to 3"],
    ]
    assert texts(ranks)[2][3:] == ["reference"] * 3
    assert len(pairs.rows) == len(pairs.data) == 3


def test_wins_are_those_of_the_seeds():
    by_data = {name: {0: 0.5, 1: 0.6} for name in "ab"}
    rows = [
        run(seed, depth, test + seed / 1000 * (1 + depth), dataset=name)
        for name, by_depth in by_data.items() for depth, test in by_depth.items()
        for seed in range(8)
    ]  # fmt: skip
    ranks, _ = make(findings_of(table(*rows))).tables
    assert texts(ranks)[0] == ["1", "1.00", "1 to 1", "2", "0", "0"]


def test_bars_and_ticks_of_the_diagram_keep_apart():
    bars, depth = stacked([(1, 2), (1.5, 3), (2.5, 4)])
    assert [bar["y"] for bar in bars] == [0.5, 1.1, 0.5]
    assert depth == 1.2
    assert ticks(3) == [1, 2, 3]
    assert ticks(33) == [1, 6, 11, 16, 21, 26, 31]


def test_names_in_diagram_have_rows_of_their_own():
    figure = make(findings_of(scores({n: {d: d / 50 for d in range(12)} for n in "abc"}))).figures[
        0
    ]
    (panel,) = figure.panels
    labels = [row for layer in panel.layer[-2:] for row in json.loads(layer.data.values)]
    assert len(labels) == 12
    assert len({(row["x"], row["y"]) for row in labels}) == 12
    assert all(a["y"] - b["y"] >= 1 for a in labels for b in labels
               if a["x"] == b["x"] and a["y"] > b["y"])  # fmt: skip


def test_failed_run_at_an_unshared_seed_counts_too():
    rows = [run(s, d, 0.5 + d / 10, dataset=name) for name in "ab" for d in (1, 3) for s in (0, 1)]
    rows += [lost(2, 3, dataset=name) for name in "ab"]

    assert findings_of(table(*rows)).across.values == [1, 3]
