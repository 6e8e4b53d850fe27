"""Outcomes, the causes that a sentence gives for them, and their numbers."""

import numpy as np
import pytest

from nnbench.report.analysis.contrasts import Outcome
from nnbench.report.text.outcome_sentences import EVIDENCE, TEMPLATES, Cause, cause, sentences_at
from tests.report.runs import NOISE, found, lost, run, table
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
        ("better", [(BETTER, Cause.PLAIN)]),
        ("worse", [(WORSE, Cause.PLAIN)]),
        ("several better, one worse", [(BETTER, Cause.PLAIN)] * 2 + [(WORSE, Cause.PLAIN)]),
        ("better without an interval", [(BETTER, Cause.PLAIN)]),
        ("slightly better", [(BETTER, Cause.SLIGHT), (BETTER, Cause.PLAIN)]),
        ("lower loss", [(BETTER, Cause.PLAIN)]),
        ("equivalent", [(EQUIVALENT, Cause.SLIGHT)]),
        ("equivalent within a wider region", [(EQUIVALENT, Cause.SLIGHT)]),
        ("inconclusive", [(INCONCLUSIVE, Cause.PLAIN)]),
        (
            "inconclusive by the test alone",
            [(INCONCLUSIVE, Cause.TEST), (INCONCLUSIVE, Cause.PLAIN)],
        ),
        ("inconclusive by the choice of settings", [(INCONCLUSIVE, Cause.CHOICE)]),
        (
            "inconclusive by the choice of settings, without an interval",
            [(INCONCLUSIVE, Cause.CHOICE)],
        ),
        (
            "equal scores and equal differences",
            [(INCONCLUSIVE, Cause.SAME_DIFFERENCES)] + [(INCONCLUSIVE, Cause.SAME_SCORES)] * 2,
        ),
        ("scores equal but for rounding", [(INCONCLUSIVE, Cause.SAME_SCORES)]),
        ("one seed", [(NOT_COMPARABLE, Cause.PLAIN)]),
        ("five seeds", [(NOT_COMPARABLE, Cause.PLAIN)] * 2),
        ("no seed in common", [(NOT_COMPARABLE, Cause.NO_PAIRS)]),
        ("one of six failed", [(INCONCLUSIVE, Cause.FAILED)]),
        ("all of one value failed", [(WORSE, Cause.FAILED)]),
        ("failed, with few seeds", [(NOT_COMPARABLE, Cause.FAILED)]),
        ("failed in no pair", [(INCONCLUSIVE, Cause.FAILED)]),
    ],
)
def test_outcome_and_its_cause(name, outcomes):
    contrasts = CASES[name].findings.contrasts
    assert [(contrast.outcome, cause(contrast)) for contrast in contrasts] == outcomes


def test_every_outcome_has_one_template_and_evidence():
    assert set(TEMPLATES) == set(EVIDENCE) == set(Outcome)
    assert [outcome.value for outcome in Outcome] == [
        "better", "worse", "equivalent", "inconclusive", "not comparable",
    ]  # fmt: skip


def test_sentence_has_the_numbers_of_its_contrast():
    (contrast,) = CASES["better"].findings.contrasts
    (sentence,) = on_digits("better")

    low, high = 100 * contrast.difference.low, 100 * contrast.difference.high
    assert 8.3 < low < 9.3 < 10.9 < high < 11.9
    for number in ("10.08 pp", f"95% CI {low:.2f} to {high:.2f}", "6 paired seeds", "p = 0.031"):
        assert number in sentence


def test_values_of_one_outcome_and_cause_share_a_sentence():
    better, worse = on_digits("several better, one worse")
    assert "depth 2 and depth 3 are better" in better
    assert "depth 4 is worse" in worse
    same, different = on_digits("equal scores and equal differences")
    assert ("depth 3 and depth 4" in same, "+0.10 pp" in different) == (True, True)


def test_many_values_are_cut_short_with_their_sizes():
    (sentence,) = on_digits("more better than are named")
    assert "depth 8 and 3 more are better than depth 0 by 1.00 pp, 2.00 pp" in sentence
    assert "and 8.00 pp in" in sentence
    assert "9.00 pp" not in sentence


def test_no_p_is_said_to_be_one_or_more():
    """Of several p the smallest is named with a bound only if they differ."""
    (alike,) = on_digits("several inconclusive by the test alone")
    assert "Holm-corrected p = 0.12; with so few seeds p is 0.12 at best" in alike
    for case in CASES.values():
        for place, contrasts in case.findings.places.items():
            for sentence in sentences_at(place, contrasts, case.findings.comparison):
                assert "or more" not in sentence


def test_seeds_that_are_missing_are_those_for_a_difference_that_matters():
    (contrast,) = CASES["inconclusive"].findings.contrasts
    (sentence,) = on_digits("inconclusive")
    assert contrast.more_seeds > 1
    assert f"; about {contrast.more_seeds} more seeds" in sentence
    assert "difference of 0.50 pp" in sentence
    # A large difference lacks no seeds for a small one.
    known = CASES["inconclusive by the test alone"].findings.contrasts
    assert [each.more_seeds is None for each in known] == [True, False]


def test_failed_runs_leave_no_mean():
    for name in ("one of six failed", "all of one value failed", "failed in no pair"):
        (sentence,) = on_digits(name)
        assert " pp" not in sentence
    (sentence,) = on_digits("all of one value failed")
    assert "6 of 6 runs with depth 3" in sentence
    assert "worst and 90.0%" in sentence
    (sentence,) = on_digits("failed in no pair")
    assert "14 of 20 runs" in sentence
    assert "does not count 14 of them" in sentence


def test_unequal_numbers_of_pairs_are_a_range():
    (sentence,) = on_digits("five seeds")
    assert "4 to 5 paired seeds" in sentence


def test_size_of_equal_networks_is_named():
    (sentence,) = on_digits("better, at equal size")
    assert sentence.startswith("On digits at about 20,000 parameters, ")


def test_values_that_all_failed_are_inconclusive():
    rows = [*(lost(s, d) for d in (1, 3) for s in range(8)), *(run(s, 6) for s in range(8))]
    contrasts = found(table(*rows)).contrasts
    assert [contrast.outcome for contrast in contrasts] == [INCONCLUSIVE, BETTER]


def test_what_no_test_could_show_is_not_put_down_to_settings():
    """Of ten comparisons with six seeds none can be claimed, whatever the settings."""
    rows = [
        run(s, d, (0.8 + (0.06 if s % 2 else -0.02)) if (d, lr) == (1, 0.001)
            else 0.8 + (0.03 + NOISE[s] / 10 if d > 1 else 0),
            validation=0.8 + NOISE[(s + int(lr * 1000)) % 6], lr=lr)
        for d in range(1, 12) for lr in (0.01, 0.001) for s in range(6)
    ]  # fmt: skip
    contrasts = found(table(*rows)).contrasts
    assert np.min([contrast.lowest_p for contrast in contrasts]) == pytest.approx(0.3125)
    assert Cause.CHOICE not in {cause(contrast) for contrast in contrasts}
