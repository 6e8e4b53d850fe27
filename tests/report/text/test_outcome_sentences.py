"""Outcomes, the remarks that a sentence makes on them, and their numbers."""

import numpy as np
import pytest

from nnbench.report.analysis.contrasts import Outcome
from nnbench.report.text.outcome_sentences import TEMPLATES, remark, sentences_at
from tests.report.compare.test_measure import timed
from tests.report.runs import findings_of, lost, run, table
from tests.report.text.cases import CASES

BETTER, WORSE, EQUIVALENT, INCONCLUSIVE, NOT_COMPARABLE = Outcome


def on_digits(name):
    """Sentences on the only place of a case."""
    findings = CASES[name].findings
    ((place, contrasts),) = findings.places.items()
    return list(sentences_at(place, contrasts, findings.comparison))


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("better", [BETTER]),
        ("worse", [WORSE]),
        ("several better, one worse", [BETTER, BETTER, WORSE]),
        ("better without an interval", [BETTER]),
        ("slightly better", [EQUIVALENT, BETTER]),
        ("lower loss", [BETTER]),
        ("equivalent", [EQUIVALENT]),
        ("equivalent within a wider region", [EQUIVALENT]),
        ("inconclusive", [INCONCLUSIVE]),
        ("inconclusive by the test alone", [INCONCLUSIVE, INCONCLUSIVE]),
        ("equal scores and equal differences", [INCONCLUSIVE] * 3),
        ("scores equal but for rounding", [EQUIVALENT]),
        ("one seed", [NOT_COMPARABLE]),
        ("five seeds", [NOT_COMPARABLE, NOT_COMPARABLE]),
        ("no seed in common", [NOT_COMPARABLE]),
        ("one of six failed", [INCONCLUSIVE]),
        ("all of one value failed", [WORSE]),
        ("failed, with few seeds", [NOT_COMPARABLE]),
        ("failed in no pair", [INCONCLUSIVE]),
    ],
)
def test_every_case_has_its_outcome(name, outcomes):
    assert [contrast.outcome for contrast in CASES[name].findings.contrasts] == outcomes


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("inconclusive by the test alone", ["", "the CI excludes zero"]),
        ("equal scores and equal differences", ["all seeds gave the same difference"] * 3),
        ("equivalent", [""]),
        ("failed in no pair", ["14 of 20 runs with depth 3"]),
    ],
)
def test_what_numbers_do_not_show_is_remarked(name, texts):
    findings = CASES[name].findings
    for contrast, text in zip(findings.contrasts, texts, strict=True):
        remarked = remark(contrast, findings.comparison)
        assert remarked.startswith(f"; {text}") if text else remarked == ""


def test_every_outcome_has_one_template():
    assert set(TEMPLATES) == set(Outcome)
    assert [outcome.value for outcome in Outcome] == [
        "better", "worse", "equivalent", "inconclusive", "not comparable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["several inconclusive", "five seeds", "equivalent", "several better, one worse"]
)
def test_every_sentence_has_each_difference_and_its_interval(name):
    text = " ".join(on_digits(name)).replace("−", "-")
    for contrast in CASES[name].findings.contrasts:
        difference = contrast.difference
        assert f"{100 * abs(difference.mean):.2f}\u00a0pp" in text
        if np.isfinite(difference.low):
            low, high = sorted(map(abs, (100 * difference.low, 100 * difference.high)))
            assert all(f"{bound:.2f}" in text for bound in (low, high))


def test_sentence_has_the_numbers_of_its_contrast():
    (contrast,) = CASES["better"].findings.contrasts
    (sentence,) = on_digits("better")

    low, high = 100 * contrast.difference.low, 100 * contrast.difference.high
    assert 8.3 < low < 9.3 < 10.9 < high < 11.9
    interval = f"90% CI {low:.2f} to {high:.2f}"
    for number in ("10.08\u00a0pp", interval, "6 paired seeds", "p = 0.031"):
        assert number in sentence


def test_values_of_one_outcome_and_cause_share_sentence():
    better, worse = on_digits("several better, one worse")
    assert "depth 2 and depth 3 are better" in better
    assert "depth 4 is worse" in worse
    (alike,) = on_digits("equal scores and equal differences")
    assert "+0.10\u00a0pp, 0.00\u00a0pp and 0.00\u00a0pp" in alike


def test_many_values_are_cut_short_with_their_sizes():
    (sentence,) = on_digits("more better than are named")
    assert "depth 8 and 3 more are better than depth 0 by 1.00\u00a0pp, 2.00\u00a0pp" in sentence
    assert "and 8.00\u00a0pp in" in sentence
    assert "9.00\u00a0pp" not in sentence


def test_several_p_are_a_range():
    (alike,) = on_digits("several inconclusive by the test alone")
    assert "Holm-corrected p = 0.12; " in alike
    (several,) = on_digits("equal scores and equal differences")
    assert "Holm-corrected p = 0.12 to 1; " in several


def test_missing_seeds_are_those_of_relevant_differences():
    (contrast,) = CASES["inconclusive"].findings.contrasts
    (sentence,) = on_digits("inconclusive")
    assert contrast.more_seeds > 1
    assert f"difference of 0.50\u00a0pp would need {contrast.more_seeds} more seeds" in sentence
    # A large difference lacks no seeds for a small one.
    contrasts = CASES["inconclusive by the test alone"].findings.contrasts
    assert [contrast.more_seeds is None for contrast in contrasts] == [False, True]


def test_failed_runs_count_at_chance_level():
    (sentence,) = on_digits("one of six failed")
    # 0.99 five times, and 0.1 before training, beside 0.9.
    assert "−5.83\u00a0pp (90% CI" in sentence
    assert "1 of 6 runs with depth 3 diverged or failed (counted at chance level)" in sentence
    (sentence,) = on_digits("all of one value failed")
    assert "6 of 6 runs with depth 3" in sentence
    assert "by 80.00\u00a0pp in test accuracy" in sentence
    (sentence,) = on_digits("failed in no pair")
    assert "14 of 20 runs" in sentence
    assert "14 of them are not in the test" in sentence


def test_unequal_numbers_of_pairs_are_a_range():
    (sentence,) = on_digits("five seeds")
    assert "4 to 5 paired seeds" in sentence


def test_size_of_equal_networks_is_named():
    (sentence,) = on_digits("better, at equal size")
    assert sentence.startswith("On digits at about 20,000 parameters, ")


def test_values_that_all_failed_are_inconclusive():
    rows = [*(lost(s, d) for d in (1, 3) for s in range(8)), *(run(s, 6) for s in range(8))]
    contrasts = findings_of(table(*rows)).contrasts
    assert [contrast.outcome for contrast in contrasts] == [INCONCLUSIVE, BETTER]


@pytest.mark.parametrize("reaching", [8, 20])
def test_missed_targets_on_both_sides_are_no_size(reaching):
    """Eight of 20 pairs differ, so that their median is zero; or all do, without end."""
    firsts = [4] * reaching + [None] * (20 - reaching)
    findings = timed({1: [None] * 20, 3: firsts}, "epochs_to_target")
    (sentence,) = sentences_at("digits", findings.contrasts, findings.comparison)
    assert "depth 3 is better than depth 1; 20 paired seeds" in sentence


def test_difference_with_some_missed_targets_is_a_median():
    findings = timed({1: [9] * 18 + [None] * 2, 3: [4] * 20}, "epochs_to_target")
    (sentence,) = sentences_at("digits", findings.contrasts, findings.comparison)
    assert "depth 3 is better than depth 1 by a median of 5 in epochs to target;" in sentence
