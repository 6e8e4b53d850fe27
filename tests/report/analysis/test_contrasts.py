"""Claims on a value beside its reference."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.report.analysis.contrasts import Outcome, farthest_first
from nnbench.report.analysis.findings import find
from nnbench.report.analysis.lines import lines
from nnbench.report.statistics import seeds_needed
from nnbench.run.result import History
from tests.report.runs import COMMAND, Kept, depths, findings_of, lost, question, run, table

NOISE = np.array([0.01, -0.012, 0.02, -0.021, 0.003, 0.005])


def contrasts(runs, compare="depth", **changes):
    return findings_of(runs, compare, **changes).contrasts


def beside(values, reference=None, **changes):
    """The contrast of depth 3, which has these test accuracies, with depth 1."""
    reference = np.full(len(values), 0.8) if reference is None else reference
    (only,) = contrasts(depths({1: reference, 3: values}), **changes)
    return only


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (0.9 + NOISE, Outcome.BETTER),
        (0.7 + NOISE, Outcome.WORSE),
        (0.8 + NOISE, Outcome.INCONCLUSIVE),
        (0.8 + NOISE / 10, Outcome.EQUIVALENT),
        # Better, and too little for it to matter: it is equivalent.
        (0.803 + NOISE / 20, Outcome.EQUIVALENT),
        # The same difference in all of them: claimed if there is one, but without an interval there
        # is nothing to say how small it surely is.
        (np.full(6, 0.9), Outcome.BETTER),
        (np.full(6, 0.8), Outcome.INCONCLUSIVE),
        (0.9 + NOISE[:5], Outcome.NOT_COMPARABLE),
        ([0.9], Outcome.NOT_COMPARABLE),
        # Five of six agree: p = 2 · 2 / 64.
        (0.8 + np.array([0.01, 0.02, 0.03, 0.04, 0.05, -0.001]), Outcome.INCONCLUSIVE),
    ],
)
def test_outcome_follows_from_paired_scores(values, outcome):
    assert beside(values).outcome is outcome


def test_evidence_by_hand():
    contrast = beside(0.8 + np.array([0.01, 0.02, 0.03, 0.04, 0.05, -0.001]))

    assert contrast.difference.mean == pytest.approx(0.149 / 6)
    assert contrast.median == pytest.approx(0.025)
    assert contrast.p == contrast.p_holm == pytest.approx(4 / 64)
    assert contrast.improvement == pytest.approx(5 / 6)
    assert (contrast.count, contrast.comparisons, contrast.lost) == (6, 1, 0)


def test_where_lower_is_better_lower_figure_is_better():
    rows = [
        run(s, d, 0.5, test_loss=1 / d + NOISE[s] * d, best_validation_loss=1 / d)
        for d in (1, 3) for s in range(6)
    ]  # fmt: skip

    (contrast,) = contrasts(table(*rows), metric="test_loss", equivalence=0.1)

    assert contrast.outcome is Outcome.BETTER
    assert contrast.difference.mean == pytest.approx(1 / 3 - 1 + 2 * NOISE.mean())
    assert contrast.improvement == 1.0
    # Of a loss equivalence is a share.
    assert contrast.negligible == pytest.approx(0.1 * (1 + NOISE.mean()))


def test_lost_runs_count_at_chance_level():
    rows = [*(run(s, 1, 0.8) for s in range(6)), *(run(s, 3, 0.9) for s in range(5)), lost(5, 3)]

    (contrast,) = contrasts(table(*rows))

    # Accuracy before training is 0.1.
    assert contrast.difference.mean == pytest.approx((5 * 0.1 + 0.1 - 0.8) / 6)
    assert contrast.median == pytest.approx(0.1)
    # The lost one has rank 6 and five tie at 3: of 64 subsets 17 have a sum of at most 6.
    assert contrast.p == pytest.approx(34 / 64)
    assert (contrast.improvement, contrast.lost) == (pytest.approx(5 / 6), 1)
    assert contrast.outcome is Outcome.INCONCLUSIVE
    assert contrast.more_seeds is None


@pytest.mark.parametrize(("gone", "outcome"), [(1, Outcome.BETTER), (3, Outcome.WORSE)])
def test_what_never_finishes_is_worse_than_what_does(gone, outcome):
    rows = [(lost if d == gone else run)(s, d) for d in (1, 3) for s in range(6)]

    (contrast,) = contrasts(table(*rows))

    assert contrast.outcome is outcome
    assert abs(contrast.difference.mean) == pytest.approx(0.8)
    assert contrast.p_holm == pytest.approx(2 / 64)


def test_where_both_were_lost_there_is_no_difference():
    rows = [lost(s, d) for d in (1, 3) for s in range(3)]
    rows += [run(s, d, 0.5 + d / 10) for d in (1, 3) for s in range(3, 9)]

    (contrast,) = contrasts(table(*rows))

    assert contrast.count == 9
    assert contrast.p == pytest.approx(2 / 64)
    assert contrast.improvement == pytest.approx((6 + 1.5) / 9)
    assert contrast.outcome is Outcome.BETTER


def test_half_lost_on_either_side_shows_nothing():
    rows = [(lost if (d == 1) is (s < 3) else run)(s, d) for d in (1, 3) for s in range(6)]

    (contrast,) = contrasts(table(*rows))

    assert (contrast.p, contrast.improvement) == (1.0, 0.5)
    assert contrast.outcome is Outcome.INCONCLUSIVE


def test_pairs_are_made_by_seed():
    rows = [run(s, 1, 0.5 + s / 100) for s in (1, 2, 9)]
    rows += [run(s, 3, 0.7 + s / 50) for s in (3, 2, 1)]

    (contrast,) = contrasts(table(*rows))

    assert contrast.count == 2
    assert contrast.difference.mean == pytest.approx((0.21 + 0.22) / 2)


def test_no_seed_in_common():
    (contrast,) = contrasts(table(run(0, 1), run(1, 3)))

    assert (contrast.count, contrast.outcome) == (0, Outcome.NOT_COMPARABLE)


def test_all_comparisons_of_data_set_are_corrected_together():
    """Corrected by hand: p of 1/32 each of two on a data set is 2/32 each."""
    rows = [
        run(s, d, 0.8 + (1 + NOISE[s]) * d / 100, dataset=name)
        for name in ("iris", "wine") for d in (0, 1, 2) for s in range(6)
    ]  # fmt: skip

    family = contrasts(table(*rows))

    assert [contrast.p for contrast in family] == pytest.approx([1 / 32] * 4)
    assert [contrast.p_holm for contrast in family] == pytest.approx([2 / 32] * 4)
    assert {contrast.comparisons for contrast in family} == {2}
    assert {contrast.fewest_comparisons for contrast in family} == {2}
    assert {contrast.outcome for contrast in family} == {Outcome.INCONCLUSIVE}


def test_values_along_trend_are_tested_farthest_first():
    """Beside depth 2, depth 5 comes first; then 1 and 3, which are equally far, as they stand."""
    scores = {1: 0.80, 2: 0.82, 3: 0.84, 5: 0.88}
    rows = [
        run(s, d, score + NOISE[s] * d / 100, dataset=name)
        for name in ("iris", "wine") for d, score in scores.items() for s in range(6)
    ]  # fmt: skip
    findings = findings_of(table(*rows), reference=2)
    (line, _) = lines(findings.comparison, "depth")
    family = [own for own in findings.contrasts if own.group.dataset == line.dataset]
    assert [contrast.group.value for contrast in family] == [1, 3, 5]
    assert farthest_first(family, line) == (2, 0, 1)
    outcomes = [contrast.outcome for contrast in findings.contrasts]
    assert outcomes == [Outcome.WORSE, Outcome.BETTER, Outcome.BETTER] * 2
    assert [contrast.p_holm for contrast in findings.contrasts] == pytest.approx([1 / 32] * 6)
    assert {contrast.fewest_comparisons for contrast in findings.contrasts} == {1}


def test_what_was_not_tested_counts_for_nothing():
    rows = [run(s, d, 0.5 + d / 10 + NOISE[s] / d) for d in (1, 2) for s in range(6)]
    rows += [run(s, 3, 0.9) for s in range(4)]

    two, three = contrasts(table(*rows))

    assert (two.outcome, two.comparisons) == (Outcome.BETTER, 1)
    assert np.isnan([three.p, three.p_holm]).all()


def test_more_seeds_are_told_where_nothing_is_decided():
    contrast = beside(0.8 + NOISE)

    assert contrast.more_seeds == seeds_needed(contrast.effect, 0.005, 1) - 6
    assert beside(0.9 + NOISE).more_seeds is None
    assert beside(0.9 + NOISE[:4]).more_seeds is None
    larger = beside(0.8 + NOISE, equivalence=0.01)
    assert larger.more_seeds < contrast.more_seeds


SCORES = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99)), min_size=6, max_size=8
)


@settings(max_examples=8, deadline=None)
@given(SCORES, st.randoms(use_true_random=False), st.integers(-50, 50))
def test_order_names_and_a_constant_change_nothing(scores, random, shift):
    """Rows in another order, other names for the values, or all test scores moved."""
    rows = [
        run(s, 1, value / 100, metric="r2", optimizer=name)
        for s, values in enumerate(scores)
        for name, value in zip("abc", values, strict=True)
    ]
    moved = [{**row, "test_r2": row["test_r2"] + shift / 100} for row in rows]
    renamed = [
        {**row, "optimizer": {"a": "d", "b": "i", "c": "e"}[row["optimizer"]]} for row in rows
    ]

    def evidence(rows):
        """Evidence by size, since names change; two may be of the same size."""
        return sorted(
            (
                round(contrast.difference.mean, 9),
                contrast.p,
                contrast.p_holm,
                contrast.improvement,
                contrast.outcome,
            )
            for contrast in contrasts(table(*rows), "optimizer")
        )

    expected = evidence(rows)
    for changed in (random.sample(rows, len(rows)), renamed, moved):
        for actual, other in zip(evidence(changed), expected, strict=True):
            assert actual[:4] == pytest.approx(other[:4])
    assert evidence(random.sample(rows, len(rows))) == expected


@settings(max_examples=8, deadline=None)
@given(SCORES)
def test_what_is_better_one_way_is_worse_other(scores):
    runs = depths({1: [a / 100 for a, *_ in scores], 3: [b / 100 for _, b, _ in scores]})

    (forwards,), (other,) = contrasts(runs), contrasts(runs, reference=3)

    assert forwards.difference.mean == pytest.approx(-other.difference.mean)
    assert forwards.p == pytest.approx(other.p)
    assert forwards.improvement == pytest.approx(1 - other.improvement)
    turned = {Outcome.BETTER: Outcome.WORSE, Outcome.WORSE: Outcome.BETTER}
    assert other.outcome is turned.get(forwards.outcome, forwards.outcome)


def at_rates(scores):
    """Runs by depth and rate: {depth: {rate: score on validation and test set}}."""
    return table(*(run(s, d, score + NOISE[s] * d / 30, lr=lr)
                   for d, rates in scores.items() for lr, score in rates.items()
                   for s in range(6)))  # fmt: skip


def test_no_difference_is_claimed_against_an_edge_setting():
    inner, edge = {0.1: 0.7, 0.2: 0.9, 0.4: 0.7}, {0.1: 0.5, 0.2: 0.6, 0.4: 0.8}

    (worse,) = findings_of(at_rates({1: inner, 3: edge})).contrasts
    assert (worse.outcome, worse.unsettled[0].edge_keys) == (Outcome.NOT_COMPARABLE, ("lr",))
    assert worse.p_holm == pytest.approx(2 / 64)
    # Depth 3 has had no chance to show more, nor would more have changed that it is better.
    better = {rate: score + 0.15 for rate, score in edge.items()}
    (ahead,) = findings_of(at_rates({1: inner, 3: better})).contrasts
    assert ahead.outcome is Outcome.BETTER
    # At chance at every rate it is simply worse.
    flat = dict.fromkeys(edge, 0.1)
    (chance,) = findings_of(at_rates({1: inner, 3: flat})).contrasts
    assert (chance.outcome, chance.unsettled) == (Outcome.WORSE, (None, None))


@pytest.mark.parametrize(
    ("changes", "command", "outcome"),
    [
        ({}, COMMAND, Outcome.NOT_COMPARABLE),
        ({}, f"{COMMAND} quick=true", Outcome.WORSE),
        ({"schedule": "cosine"}, COMMAND, Outcome.WORSE),
    ],
)
def test_nor_where_it_was_still_improving(changes, command, outcome):
    runs = depths({1: 0.9 + NOISE / 30, 3: 0.7 + NOISE / 10}).assign(**changes)
    rising = np.linspace(0.1, 0.7, 21)
    names = {f"validation_{name}": np.full(21, 0.9) for name in ("accuracy", "loss")}
    curves = Kept({
        run_id: History(np.arange(21), names | ({"validation_accuracy": rising} if d == 3 else {}),
                        (), np.empty(0, int), {})
        for run_id, d in zip(runs["run_id"], runs["depth"], strict=True)
    })  # fmt: skip

    (contrast,) = find(runs, curves, replace(question(), commands=(command,))).contrasts

    assert contrast.outcome is outcome
