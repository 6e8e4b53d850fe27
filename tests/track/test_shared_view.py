"""The view of an experiment's runs in MLflow's UI, at which tests/commands/test_ui.py looks."""

import json

import pytest

from nnbench.run.result import BestSetting
from nnbench.track.shared_view import TAG, page_of, share_view
from nnbench.track.stored_text import LONGEST

BEST = {
    "digits": BestSetting("depth=2", "best_validation_accuracy", 0.75, "key"),
    "wine": BestSetting("depth=1", "best_validation_accuracy", 0.5, "key"),
    "diabetes": BestSetting("depth=3", "best_validation_r2", 0.5, "key"),
}


@pytest.fixture
def experiment(store):
    return store.client.create_experiment("trial")


def view_in(store, experiment):
    return json.loads(store.client.get_experiment(experiment).tags[TAG])


def test_view_has_what_varied_and_each_score(store, experiment):
    before = page_of(store, experiment)
    keys = ["depth", "activation", "optimizer.beta1", "residual"]
    rows = [
        {"depth": 11, "activation": "relu", "optimizer.beta1": 0.5, "residual": True},
        {"depth": 2, "activation": "relu", "optimizer.beta1": 0.9, "residual": False},
    ]
    share_view(store, experiment, keys, rows, BEST)
    view = view_in(store, experiment)
    assert view["selectedColumns"] == [
        "params.`depth`", "params.`activation`", "params.`optimizer.beta1`", "params.`residual`",
        "params.`seed`",
        "metrics.`best_validation_accuracy`", "metrics.`best_validation_r2`",
        "metrics.`test_accuracy`", "metrics.`test_r2`", "metrics.`n_params`", "metrics.`seconds`",
    ]  # fmt: skip
    assert (view["orderByKey"], view["orderByAsc"]) == ("metrics.`test_accuracy`", False)
    assert view["groupBy"]["groupByKeys"] == [{"mode": "tag", "groupByData": "nnbench.setting"}]
    drawn = [(chart["type"], chart.get("metricKey")) for chart in view["compareRunCharts"]]
    assert drawn == [
        ("LINE", "validation_loss"), ("LINE", "validation_accuracy"), ("LINE", "validation_r2"),
        ("BAR", "test_accuracy"), ("BAR", "test_r2"), ("PARALLEL", None),
    ]  # fmt: skip
    assert len({chart["uuid"] for chart in view["compareRunCharts"]}) == len(drawn)
    parallel = view["compareRunCharts"][-1]
    assert parallel["selectedParams"] == ["depth", "optimizer.beta1"]
    assert parallel["selectedMetrics"] == ["test_accuracy", "test_r2"]
    assert view["compareRunSections"][0]["uuid"] == parallel["metricSectionId"]
    query = "?workflowType=machine_learning"
    assert before == f"#/experiments/{experiment}{query}"
    shared = f"#/experiments/{experiment}/runs{query}&viewStateShareKey=nnbench"
    assert page_of(store, experiment) == shared


def test_newest_view_that_fits_takes_the_place(store, experiment):
    share_view(store, experiment, ["depth"], [], BEST)
    share_view(store, experiment, ["activation"], [{"activation": "relu"}], BEST)
    view = view_in(store, experiment)
    assert view["selectedColumns"][0] == "params.`activation`"
    assert view["compareRunCharts"][-1]["type"] == "BAR"
    share_view(store, experiment, ["depth", "x" * LONGEST], [], BEST)
    share_view(store, experiment, ["depth"], [], {})
    assert view_in(store, experiment) == view


def test_empty_store_has_the_usual_page(store):
    assert (
        page_of(store, store.newest_experiment()) == "#/experiments/?workflowType=machine_learning"
    )
