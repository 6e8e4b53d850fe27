"""Ends of a range beyond which the best may lie, by whatever the report chooses settings by."""

import numpy as np
import pytest

from nnbench.report.compare.compare_runs import compare_runs
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.open_ends import Finished, ends_along, open_ends_of
from nnbench.report.metric import Metric
from nnbench.report.statistics import STEP_LEVEL
from nnbench.run.result import History
from tests.report.runs import Kept, lost, question, run, table

ACCURACY = Metric("accuracy")
USUAL = Measure(ACCURACY, "test_accuracy")
LAST = Measure(ACCURACY, "test_accuracy_last")


def finished(*scores, steps=60.0):
    """A run with these validation scores after each epoch."""
    return Finished(np.array([0.5, *scores]), steps)


def runs(scores, seeds=8, **lost):
    """Curves at learning rate and batch size → score; noise is the same for all settings."""
    noise = np.random.default_rng(0).normal(0, 0.001, seeds)
    return {
        frozenset({"lr": lr, "batch_size": size}.items()): {
            seed: None if (lr, size) in lost.get("at", ()) else finished(*[score + n] * 20)
            for seed, n in enumerate(noise)
        }
        for (lr, size), score in scores.items()
    }


@pytest.mark.parametrize(
    ("scores", "rate", "size"),
    [
        # Along the rate at the best batch size, and the other way round.
        ({(0.1, 8): 0.6, (1.0, 8): 0.7, (0.1, 16): 0.8, (1.0, 16): 0.9}, [(1, 1.0)], [(1, 16)]),
        ({(0.1, 8): 0.9, (1.0, 8): 0.7, (0.1, 16): 0.8, (1.0, 16): 0.6}, [(-1, 0.1)], [(-1, 8)]),
        ({(0.1, 8): 0.6, (1.0, 8): 0.7, (10, 8): 0.6, (0.1, 16): 0.5}, [], None),
        # Where all are equally good, no end is better than the others.
        ({(0.1, 8): 0.6, (1.0, 8): 0.6, (0.1, 16): 0.6, (1.0, 16): 0.6}, [], []),
    ],
)
def test_the_line_through_the_best_setting_is_judged(scores, rate, size):
    assert open_ends_of(runs(scores), "lr", USUAL, chance=0.5) == rate
    if size is not None:
        assert open_ends_of(runs(scores), "batch_size", USUAL, chance=0.5) == size


def test_end_at_which_no_run_finished_is_none():
    scores = {(0.1, 8): 0.3, (1.0, 8): 0.4}
    assert open_ends_of(runs(scores), "lr", USUAL, chance=0.5) == [(1, 1.0)]
    assert open_ends_of(runs(scores, at=[(1.0, 8)]), "lr", USUAL, chance=0.5) == []


def test_seeds_that_some_setting_lacks_decide_nothing():
    curves = runs({(0.1, 8): 0.3, (1.0, 8): 0.4})
    first, _ = curves.values()
    first.clear()
    assert open_ends_of(curves, "lr", USUAL, chance=0.5) == []


def by_rate(courses, seeds=8, steps=(60.0, 60.0)):
    """Runs at two learning rates, each with a course of validation scores and a bit of noise."""
    noise = np.random.default_rng(0).normal(0, 0.001, seeds)
    return {
        frozenset({("lr", lr)}): {
            seed: finished(*(np.array(course) + n), steps=own) for seed, n in enumerate(noise)
        }
        for lr, course, own in zip((0.1, 1.0), courses, steps, strict=True)
    }


def test_last_epoch_is_judged_by_end_of_curves():
    """The larger rate has the higher peak, and the smaller one the better end."""
    runs = by_rate([[0.6] * 20, [*[0.9] * 10, *[0.4] * 10]])

    assert open_ends_of(runs, "lr", USUAL, chance=0.5) == [(1, 1.0)]
    assert open_ends_of(runs, "lr", LAST, chance=0.5) == [(-1, 0.1)]


def test_times_are_judged_by_times():
    """The larger rate is faster, and the smaller one ends higher; its epochs have few steps."""
    courses = [[*[0.6] * 9, *[0.9] * 11], [0.85] * 20]
    epochs = Measure(ACCURACY, "epochs_to_target", 0.8)
    steps = Measure(ACCURACY, "steps_to_target", 0.8)

    assert open_ends_of(by_rate(courses), "lr", USUAL, chance=0.5) == [(-1, 0.1)]
    assert open_ends_of(by_rate(courses), "lr", epochs, chance=0.5) == [(1, 1.0)]
    runs = by_rate(courses, steps=(20.0, 400.0))
    assert open_ends_of(runs, "lr", epochs, chance=0.5) == [(1, 1.0)]
    assert open_ends_of(runs, "lr", steps, chance=0.5) == [(-1, 0.1)]
    never = Measure(ACCURACY, "epochs_to_target", 0.99)
    assert open_ends_of(runs, "lr", never, chance=0.5) == []


@pytest.mark.parametrize(
    "measure",
    [
        USUAL,
        LAST,
        Measure(ACCURACY, "generalization_gap"),
        Measure(ACCURACY, "epochs_to_target", 0.7),
        Measure(ACCURACY, "steps_to_target", 0.7),
    ],
    ids=lambda measure: measure.name,
)
@pytest.mark.parametrize("case", range(4))
def test_sweep_goes_on_where_report_sees_an_edge(measure, case):
    """Both judge the same scores, the sweep by a lower level."""
    rng = np.random.default_rng(case)
    rows, histories, ended = [], Kept(), {}
    for lr in (0.01, 0.1, 1.0):
        level = rng.uniform(0.5, 0.8)
        for seed in range(8):
            row = run(seed, lr=lr, steps=120, epochs=12, test_accuracy_last=0.5)
            if rng.uniform() < 0.1:
                row = lost(seed, lr=lr, epochs=12)
            curve = np.clip(np.r_[0.1, level + rng.normal(0, 0.1, 12)], 0, 1)
            rows.append(row)
            histories[row["run_id"]] = History(
                np.arange(13), {"validation_accuracy": curve}, (), np.empty(0, int), {}
            )
            of_setting = ended.setdefault(frozenset({("lr", lr)}), {})
            is_finished = row["status"] == "finished"
            of_setting[seed] = Finished(curve, 120.0) if is_finished else None
    asked = question(metric=measure.name, target=measure.target)
    comparison = compare_runs(table(*rows), asked, histories)
    candidates = comparison.groups[0].candidates

    ends = open_ends_of(ended, "lr", measure, comparison.curves.chance["digits"])

    assert ends == ends_along(candidates.names, candidates.choosing, "lr", STEP_LEVEL)
    assert set(ends) >= set(ends_along(candidates.names, candidates.choosing, "lr"))
