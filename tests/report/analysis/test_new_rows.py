"""Differences on new rows, beside those on these rows split anew."""

import numpy as np
import pandas as pd
import pytest

from nnbench.report.analysis.contrasts import Outcome
from nnbench.report.analysis.new_rows import interval_for_new_rows, is_shown
from nnbench.report.statistics import new_rows_interval
from nnbench.report.text.bullets import new_rows_text
from nnbench.report.text.verdict import verdicts
from tests.report.runs import findings_of, run, table

SIZES = {"rows": 1000, "test_rows": 0, "validation_size": 0.1, "test_size": 0.2}
SEEDS = 17


def runs(lead, spread, **sizes):
    """Two depths, of which the deeper is better by `lead` on average."""
    noise = np.random.default_rng(0).normal(size=SEEDS)
    noise = spread * (noise - noise.mean()) / noise.std()
    rows = [
        run(seed, depth, 0.8 + (depth == 3) * (lead + noise[seed]), **SIZES, **sizes)
        for seed in range(SEEDS)
        for depth in (1, 3)
    ]
    return table(*rows)


def test_the_interval_has_the_sizes_of_the_sets():
    (contrast,) = findings_of(runs(0.02, 0.01)).contrasts
    expected = new_rows_interval(contrast.effect.per_seed, 200, 700)
    assert interval_for_new_rows(contrast) == pytest.approx(expected)


@pytest.mark.parametrize(("lead", "shown"), [(0.02, True), (0.008, False)])
def test_claim_notes_if_new_rows_leave_it_open(lead, shown):
    findings = findings_of(runs(lead, 0.01))
    (contrast,) = findings.contrasts
    assert contrast.outcome is Outcome.BETTER
    assert is_shown(contrast) is shown
    assert any("not shown for new rows" in line for line in verdicts(findings)) is not shown


@pytest.mark.parametrize(
    ("lead", "start"),
    [
        (
            0.008,
            "1 of 1 claimed difference is not shown for new rows from the same source: on digits, ",
        ),
        (0.02, "For new rows from the same source, on digits, "),
    ],
)
def test_answer_counts_claims_not_shown_for_new_rows(lead, start):
    (sentence,) = new_rows_text(findings_of(runs(lead, 0.01)))
    assert sentence.startswith(f"The seeds split the same rows. {start}depth 3 minus depth 1 is ")
    assert ("minus depth 1 is −" in sentence) == (lead < 0.01)


def test_data_split_anew_are_named_among_others():
    split = runs(0.008, 0.01)
    drawn = runs(0.02, 0.01, dataset="moons", **{"dataset.fresh": True})
    both = pd.concat([split, drawn], ignore_index=True)
    findings = findings_of(both.assign(key=range(len(both)), run_id=range(len(both))))
    assert len(findings.contrasts) == 2
    (sentence,) = new_rows_text(findings)
    assert sentence.startswith(
        "The seeds split the same rows of digits. 1 of 1 claimed difference there is not shown"
    )


def test_seeds_with_own_rows_need_no_other_interval():
    (contrast,) = findings_of(runs(0.008, 0.01, **{"dataset.fresh": True})).contrasts
    assert interval_for_new_rows(contrast) is None
    assert is_shown(contrast)


def test_unknown_sizes_say_nothing():
    (contrast,) = findings_of(runs(0.02, 0.01).drop(columns="rows")).contrasts
    assert interval_for_new_rows(contrast) is None
