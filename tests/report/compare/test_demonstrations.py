"""Zeros as initial weights are shown, and compared with nothing."""

import pytest

from nnbench.report.compare.families import families
from nnbench.report.sections.comparison import make
from nnbench.report.text.verdict import verdicts
from tests.report.runs import NOISE, compared, findings_of, question, run, table, texts

SIX = range(6)
SCORES = {"he": 0.9, "glorot": 0.8, "lecun": 0.7, "zeros": 0.1}


def runs_of(scores, datasets=("digits",), **changes):
    """Initialiser → test accuracies around a level."""
    return table(*(run(s, test=level + NOISE[s], init=init, activation="relu", dataset=name,
                       **changes)
                   for init, level in scores.items()
                   for s in SIX for name in datasets))  # fmt: skip


def without_zeros(scores):
    return {init: level for init, level in scores.items() if init != "zeros"}


def test_the_family_is_as_large_as_without():
    findings, others = (findings_of(runs_of(s), "init") for s in (SCORES, without_zeros(SCORES)))

    for findings_of_either in (findings, others):
        assert [(c.group.value, c.comparisons) for c in findings_of_either.contrasts] == [
            ("glorot", 2), ("lecun", 2),
        ]  # fmt: skip
    assert [c.p_holm for c in findings.contrasts] == [c.p_holm for c in others.contrasts]
    (best,) = findings.not_worse
    assert [group.value for group in best.groups] == ["he", "glorot", "lecun"]


def test_it_is_shown_and_marked():
    findings = findings_of(runs_of(SCORES), "init")
    comparison_table = make(findings).tables[0]

    assert [row[1] for row in texts(comparison_table)] == [
        "he",
        "glorot",
        "lecun",
        "zeros (demonstration)",
    ]
    assert comparison_table.data["competes"].tolist() == [True, True, True, False]
    assert comparison_table.data["test_mean"].iloc[3] == pytest.approx(0.1, abs=0.01)
    assert any(note.startswith("(demonstration)") for note in comparison_table.notes)
    assert "zeros" not in " ".join(verdicts(findings))


def test_planned_seeds_count_those_that_compete():
    planned, others = (
        runs_of(scores, engine=8).drop_duplicates("init")
        for scores in (SCORES, without_zeros(SCORES))
    )
    tracked = runs_of({"he": 0.9}, engine=8).iloc[:0]

    for plan in (planned, others):
        (family,) = families(tracked, plan, question("init"))
        assert (family.pairs, family.trends) == (2, 0)


@pytest.mark.parametrize("keys", [("init", "depth"), ("depth", "init")])
def test_two_keys_are_planned_as_without(keys):
    counts = []
    for scores in (SCORES, without_zeros(SCORES)):
        planned = table(*(run(0, d, init=init, activation="relu", engine=8)
                          for init in scores for d in (1, 2, 4)))  # fmt: skip
        (family,) = families(planned.iloc[:0], planned, question(keys))
        counts.append((family.pairs, family.trends))

    assert counts[0] == counts[1] == (6, 3)


def test_ranks_over_data_sets_leave_it_out():
    across = findings_of(runs_of(SCORES, ("digits", "iris")), "init").across

    assert across.values == ["he", "glorot", "lecun"]


def test_with_depth_it_has_no_trend():
    runs = table(*(run(s, d, level + NOISE[s], init=init, activation="relu")
                   for init, level in SCORES.items() for s in SIX for d in (1, 2, 4)))  # fmt: skip
    findings = findings_of(runs, ("init", "depth"))

    assert sorted(slope.line.others["init"] for slope in findings.slopes) == [
        "glorot",
        "he",
        "lecun",
    ]
    assert "zeros" not in {contrast.group.value[0] for contrast in findings.contrasts}


def test_it_competes_if_asked_for_as_reference():
    comparison = compared(runs_of(SCORES), "init", reference="zeros")

    assert {reference.value for reference, _ in comparison.pairs()} == {"zeros"}
    assert all(map(comparison.competes, comparison.groups))


def test_its_seeds_and_settings_cost_others_nothing():
    rates = (0.1, 0.2, 0.3)
    rows = [run(s, test=level + s / 1000, init=init, activation="relu", lr=lr)
            for init, level in without_zeros(SCORES).items() for s in range(12)
            for lr in rates]  # fmt: skip
    rows += [run(s, test=0.1, init="zeros", activation="relu", lr=0.2) for s in range(3)]

    *others, zeros = compared(table(*rows), "init").groups

    assert [(len(group.seeds), group.settings) for group in others] == [(12, 3)] * 3
    assert (zeros.value, zeros.seeds, zeros.settings) == ("zeros", (0, 1, 2), 1)


def test_it_is_named_beside_a_single_value():
    first, second = verdicts(findings_of(runs_of({"he": 0.9, "zeros": 0.1}), "init"))

    assert first == (
        "These runs compare nothing: no data set has two values of init besides init zeros "
        "(a demonstration)."
    )
    assert second == (
        "On digits, init he is the only value besides init zeros (a demonstration), with nothing "
        "to compare it with."
    )
