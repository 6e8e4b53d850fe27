"""Measures that verdicts compare: outcomes by hand, and refusals in one line."""

import numpy as np
import pytest

from nnbench.report.analysis.findings import find
from nnbench.report.compare.compare_runs import compare_runs
from nnbench.report.compare.measure import Measure, measure_of
from nnbench.report.metric import Metric
from nnbench.report.sections.comparison import make as comparison_section
from nnbench.report.sections.depth import make as depth_section
from nnbench.report.statistics import Outcome
from nnbench.run.errors import ConfigError
from nnbench.run.metrics import OUTCOMES
from nnbench.run.result import History
from tests.report.runs import Kept, compared, findings_of, lost, question, run, table

SIX = range(6)


def history(*validation):
    curve = np.array(validation, float)
    return History(np.arange(len(curve)), {"validation_accuracy": curve}, (), np.empty(0, int), {})


def reaching(first, epochs=10):
    """A curve of validation accuracy that is at 0.9 from an epoch on; never for None."""
    curve = np.full(epochs + 1, 0.5)
    if first is not None:
        curve[first:] = 0.9
    return history(*curve)


def timed(firsts, metric="steps_to_target", **changes):
    """Findings on depth → first epoch at the target by seed; three steps an epoch."""
    rows = [run(s, d, steps=30, epochs=10) for d, of in firsts.items() for s in range(len(of))]
    runs = table(*rows)
    curves = [reaching(first) for of in firsts.values() for first in of]
    histories = Kept(zip(runs["run_id"], curves, strict=True))
    return find(runs, histories, question(metric=metric, target=0.9, **changes))


@pytest.mark.parametrize(
    ("name", "changes", "value", "sign"),
    [
        ("test_accuracy_last", {"test_accuracy_last": 0.7}, 0.7, 1),
        ("train_accuracy_last", {"train_accuracy_last": 0.95}, 0.95, 1),
        ("train_loss_last", {"train_loss_last": 0.25, "best_validation_loss": 1}, 0.25, -1),
        # Of older engines the last point of the curve is the score of all training rows.
        ("train_loss_last", {"train_loss": 0.5, "best_validation_loss": 1}, 0.5, -1),
        ("train_loss_last", {"train_loss": 0.5, "train_loss_last": 0.25, "engine": 8,
                             "best_validation_loss": 1}, 0.25, -1),
        ("generalization_gap", {"train": 0.95}, 0.05, -1),
        ("generalization_gap", {"train": 0.85}, -0.05, -1),
    ],
)  # fmt: skip
def test_outcome_by_hand(name, changes, value, sign):
    rows = [run(s, d, 0.9, test_loss=1.0, **changes) for d in (1, 3) for s in SIX]

    group = compared(table(*rows), metric=name).groups[1]

    assert group.values.tolist() == pytest.approx([value] * 6)
    assert group.outcomes == pytest.approx(np.full((1, 6), sign * value))
    assert group.typical == pytest.approx(value)
    assert group.metric.name == ("loss" if "loss" in name else "accuracy")


def test_verdict_is_on_the_outcome_and_names_it():
    """Depth 3 is the better on the test set at the best epoch, and the worse at the last one."""
    rows = [run(s, d, 0.8 + d / 100, test_accuracy_last=0.8 - d / 20 + s / 1000 / d)
            for d in (1, 3) for s in SIX]  # fmt: skip

    (usual,), (last,) = (
        findings_of(table(*rows), metric=metric).contrasts
        for metric in (None, "test_accuracy_last")
    )  # fmt: skip

    assert (usual.outcome, last.outcome) == (Outcome.BETTER, Outcome.WORSE)
    # 0.05 · (1 − 3) + (1/3 − 1) · 0.0025 in the mean of six seeds.
    assert last.difference.mean == pytest.approx(-0.1 - 2 / 3 * 0.0025)
    assert last.group.measure.title == "test accuracy at the last epoch"


def test_last_epoch_is_chosen_by_final_validation_score():
    """One rate is the best at its peak, the other at the end."""
    runs = table(*(run(s, lr=lr) for lr in (0.1, 0.2) for s in SIX))
    falling = [0.1, *[0.9] * 10, *[0.4] * 10]
    rising = [0.1, *[0.3] * 10, *[0.6] * 10]
    curves = [history(*course) for course in (falling, rising) for _ in SIX]
    histories = Kept(zip(runs["run_id"], curves, strict=True))

    def chosen(metric):
        (group,) = find(runs, histories, question(metric=metric)).comparison.groups
        return group.chosen["lr"]

    assert chosen("test_accuracy") == (0.1,)
    assert chosen("test_accuracy_last") == (0.2,)


def test_run_that_learnt_nothing_has_no_small_gap():
    rows = [run(s, 1, 0.9, train=0.95) for s in SIX] + [lost(s, 3) for s in SIX]

    (contrast,) = findings_of(table(*rows), metric="generalization_gap").contrasts

    assert contrast.outcome is Outcome.WORSE
    assert np.isneginf(contrast.group.outcomes).all()


def test_gap_with_one_diverged_run_is_a_median():
    gaps = [0.01, 0.02, 0.03, 0.04, 0.05]
    rows = [run(s, 1, 0.9, train=0.9 + gap) for s, gap in enumerate(gaps)] + [lost(5, 1)]

    (group,) = compared(table(*rows), metric="generalization_gap").groups

    # Of six, with the diverged one as the largest.
    assert group.typical == pytest.approx(0.035)


@pytest.mark.parametrize(
    ("metric", "text"),
    [("test_accuracy", "at chance level"), ("generalization_gap", "as the worst")],
)
def test_notes_say_how_diverged_runs_count(metric, text):
    rows = [run(s, d, 0.9, train=0.95) for d in (1, 3) for s in SIX]
    findings = findings_of(table(*rows[:-1], lost(5, 3)), metric=metric)

    comparison_notes = " ".join(comparison_section(findings).tables[0].notes)
    depth_notes = " ".join(" ".join(own.notes) for own in depth_section(findings).tables)

    assert f"in the verdict it counts {text}." in comparison_notes
    title = findings.comparison.groups[0].measure.title
    assert f"with the best mean of {title}, of equal ones the first" in depth_notes
    assert f"runs that diverged or failed count {text}." in depth_notes


@pytest.mark.parametrize(
    ("firsts", "median", "reached"),
    [
        ([1, 2, 3, 4], 3 * 2.5, 4),
        ([2, None, 4, None], 3 * 4, 2),  # Exactly half: the slowest of those.
        ([2, None, None], np.inf, 1),
        ([None] * 4, np.inf, 0),
        ([5], 15, 1),
    ],
)
def test_median_steps_to_target_by_hand(firsts, median, reached):
    (group,) = timed({1: firsts}).comparison.groups

    assert group.typical == median
    assert group.reached == reached
    assert group.values.tolist() == [np.inf if n is None else 3 * n for n in firsts]


def test_epochs_to_target_are_epochs():
    (group,) = timed({1: [1, 2, None, 7]}, "epochs_to_target").comparison.groups

    assert group.values.tolist() == [1, 2, np.inf, 7]


def test_never_is_worse_than_any_time():
    firsts = [10, 9, 10, 8, 10, 7]
    (contrast,) = timed({1: firsts, 3: [None] * 6}).contrasts

    assert contrast.outcome is Outcome.WORSE
    # All six pairs agree.
    assert contrast.p == 2.0**-5


def test_target_reached_by_few_is_better_than_none():
    """Half of the pairs miss it on both sides, so the median difference is zero."""
    (contrast,) = timed({1: [None] * 20, 3: [4] * 8 + [None] * 12}).contrasts

    assert contrast.median == 0
    assert contrast.outcome is Outcome.BETTER
    # Eight ranks that are all the same, and the zeros ranked below them (Pratt).
    assert contrast.p == 2.0**-7


def test_few_misses_are_no_gain_of_slower_value():
    """Ranks: 19 misses of 40 outweigh 21 epochs more, but the median says slower."""
    firsts = [2] * 21 + [None] * 19
    (contrast,) = timed({1: firsts, 3: [3] * 21 + [5] * 19}, "epochs_to_target").contrasts

    assert contrast.p < 0.02
    assert contrast.median == 1
    assert contrast.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("firsts", "outcome"), [
    # 20 epochs are 60 steps; the margin is 6, which is two epochs.
    ([19, 20, 21, 20, 19, 21, 20, 20], Outcome.EQUIVALENT),
    ([23, 24, 24, 23, 24, 24, 24, 23], Outcome.WORSE),
])  # fmt: skip
def test_times_within_tenth_of_the_references_are_equivalent(firsts, outcome):
    rows = [run(s, d, steps=90, epochs=30) for d in (1, 3) for s in range(8)]
    runs = table(*rows)
    curves = [*(reaching(20, 30) for _ in range(8)), *(reaching(first, 30) for first in firsts)]
    histories = Kept(zip(runs["run_id"], curves, strict=True))

    (contrast,) = find(runs, histories, question(metric="steps_to_target", target=0.9)).contrasts

    assert contrast.negligible == pytest.approx(6)
    assert contrast.outcome is outcome


def test_seed_halves_choose_each_others_setting_by_time():
    """Both rates are fast for half of the seeds: what a half chooses is slow for the other."""
    runs = table(*(run(s, lr=lr, steps=30, epochs=10) for lr in (0.1, 0.2) for s in range(8)))
    firsts = [[1 if (s % 2 == 0) == (lr == 0.1) else 9 for s in range(8)] for lr in (0.1, 0.2)]
    curves = [reaching(first) for of in firsts for first in of]
    histories = Kept(zip(runs["run_id"], curves, strict=True))

    (group,) = find(
        runs, histories, question(metric="epochs_to_target", target=0.9)
    ).comparison.groups

    assert -group.tuned.per_seed == pytest.approx(np.full(8, 9.0))
    assert group.tuned.weights == pytest.approx([0.5, 0.5])


def test_settings_that_never_reach_are_not_chosen():
    runs = table(*(run(s, lr=lr, steps=30, epochs=10) for lr in (0.1, 0.2, 0.3) for s in range(8)))
    firsts = {0.1: [None] * 8, 0.2: [4] * 7 + [None], 0.3: [9] * 7 + [None]}
    curves = [reaching(first) for of in firsts.values() for first in of]
    histories = Kept(zip(runs["run_id"], curves, strict=True))

    (group,) = find(
        runs, histories, question(metric="epochs_to_target", target=0.9)
    ).comparison.groups

    assert group.chosen["lr"] == (0.2,)
    assert group.reached == 7
    assert group.typical == 4


def test_settings_that_nothing_chooses_cost_no_interval():
    rows = [run(s, d, lr=lr, steps=30, epochs=10)
            for d in (1, 3) for lr in (0.1, 0.2, 0.3) for s in range(8)]  # fmt: skip
    firsts = {0.1: [None] * 8, 0.2: [4, 5] * 4, 0.3: [9] * 8}
    faster = {0.1: [None] * 8, 0.2: [2, 3, 2, 2] * 2, 0.3: [9] * 8}
    curves = [reaching(first) for of in (firsts, faster) for own in of.values() for first in own]
    runs = table(*rows)
    histories = Kept(zip(runs["run_id"], curves, strict=True))

    (contrast,) = find(runs, histories, question(metric="epochs_to_target", target=0.9)).contrasts

    # 2.25 − 4.5 epochs in the mean.
    assert contrast.difference.mean == pytest.approx(-2.25)
    assert np.isfinite(contrast.difference.low)
    assert contrast.outcome is Outcome.BETTER


def test_infinite_choices_are_no_constant_difference():
    """Some resamples choose a setting that one seed never reaches, so they have no means."""
    rows = [run(s, d, lr=lr, steps=30, epochs=10)
            for d in (1, 3) for lr in (0.1, 0.2) for s in range(8)]  # fmt: skip
    mixed = {0.1: [3] * 8, 0.2: [2, 4, None, 2, 4, 2, 4, 2]}
    curves = [reaching(first) for _ in (1, 3) for own in mixed.values() for first in own]
    runs = table(*rows)
    histories = Kept(zip(runs["run_id"], curves, strict=True))

    (contrast,) = find(runs, histories, question(metric="epochs_to_target", target=0.9)).contrasts

    assert np.isnan(contrast.difference.low)
    assert not contrast.is_constant
    assert not contrast.rests_on_test


def test_run_tracked_without_outcome_is_no_diverged_one():
    rows = [run(s, d, train_accuracy_last=0.9, engine=8) for d in (1, 3) for s in SIX]
    del rows[3]["train_accuracy_last"], rows[7]["train_accuracy_last"]

    with pytest.raises(ConfigError, match=r"2 of 12 runs on digits were tracked without it"):
        findings_of(table(*rows), metric="train_accuracy_last")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"metric": "steps_to_target"}, "target=null: metric=steps_to_target needs a number, the"),
        ({"metric": "epochs_to_target", "target": 1.5}, "accuracy is from 0 to 1"),
        ({"metric": "test_r2_last"}, "runs on digits have test_accuracy_last"),
        ({"metric": "train_accuracy_last"}, "no run on digits was tracked with it; the command"),
    ],
)
def test_what_runs_cannot_answer_is_one_line(asked, text):
    rows = [run(s, d) for d in (1, 3) for s in range(2)]

    with pytest.raises(ConfigError) as error:
        findings_of(table(*rows), **asked)

    assert text in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", OUTCOMES)
def test_planned_runs_have_no_outcome_yet(name):
    metric = "r2" if "r2" in name or "rmse" in name else "accuracy"
    scores = dict.fromkeys([f"best_validation_{n}" for n in (metric, "rmse", "loss")], 0.0)
    rows = [run(s, d, metric=metric, lr=lr, **scores)
            for d in (1, 3) for s in range(2) for lr in (0.1, 0.2)]  # fmt: skip
    planned = table(*rows).drop(columns=[f"test_{metric}", f"test_{metric}_last", "run_id"])

    groups = compare_runs(planned, question(metric=name, target=0.5)).groups

    assert [group.lost for group in groups] == [2, 2]


def test_task_metric_decides_times_and_gaps():
    runs = table(run(metric="r2"))

    measure = measure_of(runs, question(metric="epochs_to_target", target=0.5))

    assert measure == Measure(Metric("r2"), "epochs_to_target", 0.5)
    assert measure.title == "epochs to target"
    assert measure.target_text == "a validation R² of 0.500"
    assert Measure(Metric("r2"), measure.name, -0.5004).target_text == "a validation R² of −0.5004"
    nearly = Measure(Metric("accuracy"), measure.name, 0.9996)
    assert nearly.target_text == "a validation accuracy of 99.96%"
    assert measure_of(runs, question(metric="generalization_gap")).metric == Metric("r2")
