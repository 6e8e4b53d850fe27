"""Points of curves as metrics: which, and when."""

from dataclasses import replace

import numpy as np

from nnbench.track.inputs import as_source
from nnbench.track.metrics_and_tags import curve_metrics, final_metrics
from nnbench.track.run_entry import Entry
from tests.track.made import DATA, long_result, made_result


def entry(ended, epochs=120, **changes):
    result = replace(long_result(0, epochs), seconds=3.0, stack_runs=40, **changes)
    return Entry(result, "key", as_source(DATA), "trial", "sweep", ended=ended)


def test_epochs_have_moments_of_their_own():
    points = curve_metrics(entry(1_000_000))
    assert entry(1_000_000).started == 880_000
    assert [point.timestamp for point in points] == [880_000 + 1000 * p.step for p in points]
    assert points[-1].step == 120


def test_later_points_follow_those_shown():
    points = curve_metrics(entry(1_000_000), (40, 990_000))
    assert min(point.step for point in points) > 40
    assert [p.timestamp for p in points] == [990_000 + 125 * (p.step - 40) for p in points]


def test_what_nobody_plots_is_no_metric():
    whole = entry(1_000_000)
    history = whole.result.history
    curves = {**history.curves, "gradient_norm": np.ones(121), "validation_r2": np.ones(121)}
    shown = replace(whole.result, history=replace(history, curves=curves))
    points = curve_metrics(replace(whole, result=shown))
    assert {point.key for point in points} == {"train_loss", "validation_r2"}


def test_scores_stand_first_among_metrics():
    final = {"n_params": 7.0, "best_validation_loss": 0.5, "steps": 3.0, "test_accuracy": 0.9}
    result = replace(made_result(), final=final)
    names = [metric.key for metric in final_metrics(result, 0)]
    assert names[:4] == ["best_validation_loss", "test_accuracy", "n_params", "steps"]
