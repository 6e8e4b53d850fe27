"""Models that runs keep: served by MLflow, and safe while the store is away."""

from dataclasses import replace

import mlflow
import numpy as np
import pytest

import nnbench
from nnbench.app.experiment import run_sweep
from nnbench.assembly import build
from nnbench.assembly.predictor import from_weights
from nnbench.composition import jobs
from nnbench.run.errors import ConfigError
from nnbench.track import log_run as logging
from nnbench.track.models import model_of
from nnbench.track.outbox import outbox_of
from nnbench.track.sync import sync
from nnbench.track.tracker import track_sweep
from tests.build_small import run


def trained_run(**settings):
    result = nnbench.train(run(epochs=2, **settings), weights=True)
    return result, build.dataset(result.config.dataset)


def log(store, result, data):
    with track_sweep(store, "trial", {}, "") as tracker:
        return tracker.log(result, "key", data), tracker


@pytest.mark.parametrize("dataset", ["iris", "linnerud", "digits"])
def test_mlflow_loads_it_and_gives_raw_inputs(dataset, store):
    result, data = trained_run(dataset=dataset)
    run_id, _ = log(store, result, data)
    model = mlflow.pyfunc.load_model(f"models:/{model_of(store.client.get_run(run_id))}")

    predictions = model.predict(data.x[:7])
    expected = from_weights(result.config, data, result.weights).predict(data.x[:7])
    assert list(predictions.columns) == list(expected)
    for name, column in expected.items():
        assert np.array_equal(predictions[name], column)
    assert model.metadata.signature.inputs.inputs[0].shape == (-1, *data.x.shape[1:])


def test_a_run_that_keeps_nothing_has_no_model(store):
    result, data = trained_run()
    run_id, _ = log(store, replace(result, weights=None), data)
    assert model_of(store.client.get_run(run_id)) == ""
    assert not store.client.search_logged_models([store.client.get_run(run_id).info.experiment_id])


@pytest.mark.parametrize("broken", ["log_once", "log_model"])
def test_outbox_keeps_model_until_the_store_is_back(store, monkeypatch, broken):
    result, data = trained_run()
    with monkeypatch.context() as away:
        where = logging if broken == "log_model" else "nnbench.track.tracker"

        def fail(*_):
            raise OSError("the store is away")

        target = (where, broken) if not isinstance(where, str) else (f"{where}.{broken}",)
        away.setattr(*target, fail)
        _, tracker = log(store, result, data)
    assert tracker.unlogged == 1

    assert sync(store).logged == 1
    experiment = store.client.get_experiment_by_name("trial").experiment_id
    (tracked,) = store.client.search_runs([experiment], "tags.`nnbench.key` = 'key'")
    (model,) = store.client.search_logged_models([experiment])
    assert model_of(tracked) == model.model_id
    assert not outbox_of(store.uri).files()


@pytest.mark.parametrize("keeps", [True, False])
def test_sweep_keeps_models_where_that_is_asked_for(keeps, here, store, one_process):
    words = ["dataset=iris", "epochs=2", "width=4", "depth=1", "seeds=2", "jobs=1", "report=false"]
    job = jobs.compose_job([*words, f"tracking.model={str(keeps).lower()}"])
    run_sweep([job], "python -m nnbench")

    experiment = store.client.get_experiment_by_name("nnbench").experiment_id
    assert len(store.client.search_logged_models([experiment])) == 2 * keeps


def test_what_is_no_yes_or_no_is_refused():
    with pytest.raises(ConfigError, match=r"^tracking.model=3: must be true or false"):
        jobs.compose_job(["dataset=iris", "tracking.model=3"])


def test_model_has_metrics_params_and_data(store):
    result, data = trained_run()
    run_id, _ = log(store, result, data)
    run = store.client.get_run(run_id)
    model = store.client.get_logged_model(model_of(run))
    assert model.params["depth"] == str(result.config.depth)
    assert model.source_run_id == run_id
    sets = {tracked.tags[0].value: tracked.dataset for tracked in run.inputs.dataset_inputs}
    metrics = {metric.key: metric for metric in model.metrics}
    assert metrics["test_accuracy"].value == result.final["test_accuracy"]
    for name, context in (
        ("test_accuracy", "test"),
        ("best_validation_loss", "validation"),
        ("best_train_loss", "training"),
        ("train_loss_last", "training"),
    ):
        assert metrics[name].dataset_digest == sets[context].digest
    assert metrics["steps"].dataset_digest is None
    points = store.client.get_metric_history(run_id, "test_accuracy")
    assert [point.value for point in points] == [result.final["test_accuracy"]]
