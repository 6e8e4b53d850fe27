"""The chance level of data, from the rows to the table of a report."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nnbench.assembly import build
from nnbench.data.dataset import classification
from nnbench.report.compare.chance import chance_level, chance_of
from nnbench.report.metric import Metric
from nnbench.track.inputs import as_source
from nnbench.track.read_runs import sizes
from tests.build_small import component

KNOWN = {
    "digits": 183 / 1797, "wine": 71 / 178, "iris": 1 / 3, "breast_cancer": 357 / 569,
    "moons": 0.5, "mnist1d": 0.1, "xor": 0.5, "parity": 0.5, "diabetes": 0, "sawtooth": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_chance_is_the_share_of_the_largest_class(name):
    data = build.dataset(component("dataset", name))
    # Labels of a random function are halves but for what its draw makes of them.
    assert data.chance == pytest.approx(KNOWN[name], abs=0.002 if data.drawn else 1e-12)
    runs = pd.DataFrame([sizes(as_source(data).profile)] * 3)
    metric = Metric("accuracy" if data.classes else "r2")
    assert chance_of(runs, metric) == data.chance


def test_chance_on_own_test_sets_follows_training_classes():
    y = np.r_[np.repeat([0, 1], [70, 30]), np.repeat([0, 1], [5, 15])]
    data = replace(classification("own", np.zeros((120, 1)), y, "here"), test_rows=20)
    assert data.chance == 5 / 20
    assert replace(data, test_rows=0).chance == 75 / 120


def test_what_is_not_known_is_nan():
    runs = pd.DataFrame({"chance": [0.25, None, 0.25]})
    assert chance_of(runs, Metric("accuracy")) == 0.25
    assert np.isnan(chance_of(runs, Metric("loss")))
    assert np.isnan(chance_of(runs.drop(columns="chance"), Metric("accuracy")))
    assert np.isnan(chance_of(pd.DataFrame({"chance": [None]}), Metric("accuracy")))
    assert chance_of(runs.drop(columns="chance"), Metric("r2")) == 0


def test_runs_that_learnt_nothing_count_at_chance_level():
    runs = pd.DataFrame({"chance": [0.625, None]})
    curves = [np.array([0.25, 0.9]), np.array([0.75, 0.9]), np.array([np.nan, 0.9])]
    assert chance_level(runs, Metric("accuracy"), curves) == 0.625
    assert chance_level(runs, Metric("r2"), curves) == 0
    # Of runs that did not track it, and metrics that have none, it is the mean before training.
    assert chance_level(runs[["chance"]][1:], Metric("accuracy"), curves) == 0.5
    assert chance_level(runs, Metric("loss"), [np.array([-2.0, -1.0])]) == -2
    assert np.isnan(chance_level(runs, Metric("loss"), []))
