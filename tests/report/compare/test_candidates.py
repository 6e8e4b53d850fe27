"""Settings are chosen by validation curves, and runs that diverged or failed have a score."""

import numpy as np
import pytest

from nnbench.report.compare.compare_runs import compare_runs
from nnbench.report.compare.group import tuned_together
from nnbench.report.statistics import choose
from nnbench.report.text.engines import curve_notes
from nnbench.run.errors import ConfigError
from nnbench.run.result import History
from tests.report.runs import BEFORE, Curves, Kept, compared, lost, question, run, table


def history(*validation, name="validation_accuracy"):
    epochs = np.arange(len(validation))
    return History(epochs, {name: np.array(validation, float)}, (), np.empty(0, int), {})


def test_nuisance_is_chosen_on_the_validation_set_alone():
    """The rate with the best test scores is not the one with the best validation scores."""
    rows = [
        run(seed, lr=lr, test=test, validation=validation)
        for seed in range(3)
        for lr, test, validation in ((0.1, 0.99, 0.7), (0.01, 0.6, 0.8))
    ]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.01,)}
    assert group.settings == 2
    assert list(group.scores("test")) == [0.6, 0.6, 0.6]
    assert group.weights == [({"lr": 0.01}, 1.0)]
    assert group.tuned.mean == pytest.approx(0.6)
    assert not any(name.startswith("test_a") for name in group.tried)


def test_one_lucky_epoch_chooses_nothing():
    """Two of 20 epochs are averaged; the mean over seeds comes before the best."""
    runs = table(*(run(s, lr=lr, test=lr) for lr in (0.1, 0.2) for s in (0, 1)))
    spiked = [[0.1, *[0.5] * 20] for _ in range(2)]
    spiked[0][7], spiked[1][3] = 0.7, 0.7
    courses = [*([0.1, *[0.56] * 20] for _ in range(2)), *spiked]
    curves = Kept(zip(runs["run_id"], (history(*course) for course in courses), strict=True))

    (group,) = compare_runs(runs, question(), curves).groups

    assert group.chosen == {"lr": (0.1,)}
    assert group.candidates.scores == pytest.approx([0.56, 0.55])
    assert group.curves.shape == (2, 2, 20)


def test_failed_runs_count_as_chance_and_stopped_continue():
    runs = table(run(0, test=0.8), lost(1), run(2, test=0.6, metric="accuracy"))
    ids = runs["run_id"]
    curves = Kept({
        ids[0]: history(0.2, 0.5, 0.7), ids[1]: history(0.3, 0.9),
        ids[2]: history(0.1, 0.6, 0.7, 0.8, 0.9),
    })  # fmt: skip

    (group,) = compare_runs(runs, question(), curves).groups

    chance = (0.2 + 0.3 + 0.1) / 3
    assert group.curves[0] == pytest.approx(
        np.array([[0.5, 0.7, 0.7, 0.7], [chance] * 4, [0.6, 0.7, 0.8, 0.9]])
    )
    assert group.outcomes[0] == pytest.approx([0.8, chance, 0.6])
    assert group.candidates.lost.tolist() == [1]


@pytest.mark.parametrize(
    ("metric", "score"),
    [("r2", 0.0), ("rmse", -BEFORE["rmse"]), ("loss", -BEFORE["loss"])],
)
def test_chance_of_other_metrics(metric, score):
    rows = [run(0, test=0.5, metric=metric), lost(1)]

    (group,) = compared(table(*rows), metric=f"test_{metric}").groups

    sign = 1 if metric == "r2" else -1
    assert group.outcomes[0] == pytest.approx([sign * 0.5, score])


def test_of_equal_settings_the_smallest_rate_is_chosen():
    rows = [run(s, lr=lr, validation=0.7, test=lr) for lr in (0.3, 0.03, 0.1) for s in range(3)]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.03,)}
    assert [name["lr"] for name in group.candidates.names] == [0.03, 0.1, 0.3]


def test_what_diverges_is_not_chosen():
    rows = [*(run(s, lr=0.1, validation=0.9) for s in (0, 3)), lost(1, lr=0.1), lost(2, lr=0.1)]
    rows += [run(s, lr=0.01, validation=0.7) for s in range(4)]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.01,)}
    assert group.lost == 0
    assert group.candidates.lost.tolist() == [0, 2]


def test_values_are_judged_on_seeds_that_both_have():
    rows = [run(s, 1, 0.5 + s / 100) for s in range(9)] + [run(s, 3, 0.9) for s in range(2, 11)]
    groups = compared(table(*rows)).groups

    first, three = tuned_together(groups)

    assert first.per_seed == pytest.approx(0.5 + np.arange(2, 9) / 100)
    assert three.per_seed == pytest.approx(np.full(7, 0.9))
    expected = choose(groups[0].curves[:, 2:], groups[0].outcomes[:, 2:])
    assert first.rechosen == pytest.approx(expected.rechosen)


def test_runs_without_curves_are_left_out_and_counted():
    runs = table(*(run(s, d) for s in range(3) for d in (1, 3)), lost(3, 1, "failed"))
    gone = list(runs["run_id"][:2])

    comparison = compare_runs(runs, question(), Curves(runs, without=gone))

    assert [len(group.runs) for group in comparison.groups] == [3, 2]
    (note,) = curve_notes(comparison.curves)
    assert note.startswith("2 runs were left out, since settings are chosen by validation curves")
    with pytest.raises(ConfigError, match=r"experiment=trial: has no runs .* whose curves are"):
        compare_runs(runs[:6], question(), Curves(runs, without=list(runs["run_id"])))


def test_planned_runs_need_no_curves():
    planned = table(run(0, 1), run(0, 3)).drop(columns=["run_id", "test_accuracy"])

    assert [group.value for group in compare_runs(planned, question()).groups] == [1, 3]
