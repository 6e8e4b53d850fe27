"""Models of best runs in MLflow's registry, in an SQLite store and on a server."""

import mlflow
import numpy as np
import pytest

from nnbench.app.experiment import run_sweep
from nnbench.assembly import build
from nnbench.composition import jobs
from nnbench.run.errors import ConfigError
from nnbench.track.models import load_model, model_of
from nnbench.track.store import open_store
from tests.track.servers import mlflow_server

SMALL = ("epochs=3", "width=4", "seeds=2", "jobs=1", "report=false")
NAME = "best net's"


def sweep(*words, datasets=("iris",), depths=(1, 2)):
    composed = [
        jobs.compose_job([f"dataset={dataset}", f"depth={depth}", *SMALL, *words])
        for dataset in datasets
        for depth in depths
    ]
    run_sweep(composed, "python -m nnbench -m")


def registered(**words):
    sweep(f'tracking.register="{NAME}"', **words)


def versions(store):
    return sorted(store.client.search_model_versions(), key=lambda version: int(version.version))


def best_runs(store):
    """Data set → the best run of the best setting, by validation scores, from MLflow alone."""
    experiment = store.client.get_experiment_by_name("nnbench").experiment_id
    settings = {}
    for run in store.client.search_runs([experiment]):
        if "depth" in run.data.params and "nnbench.setting" in run.data.tags:
            settings.setdefault(run.data.tags["nnbench.setting"], []).append(run)
    score = "best_validation_accuracy"
    best = {}
    for runs in settings.values():
        mean = np.mean([run.data.metrics[score] for run in runs])
        run = max(runs, key=lambda run: run.data.metrics[score])
        data = run.data.params["dataset"]
        best[data] = max(best.get(data, (-1.0, None)), (mean, run), key=lambda pair: pair[0])
    return {data: run for data, (_, run) in best.items()}


def check_versions(store, datasets):
    assert [version.name for version in versions(store)] == [NAME] * len(datasets)
    expected = best_runs(store)
    for version in versions(store):
        run = expected[version.tags["nnbench.dataset"]]
        assert version.run_id == run.info.run_id
        assert version.source == store.client.get_logged_model(model_of(run)).artifact_location
        depth = run.data.params["depth"]
        assert version.tags["nnbench.setting"] == f"depth={depth}"
    assert {version.tags["nnbench.dataset"] for version in versions(store)} == set(datasets)


def test_best_runs_become_versions(here, store, one_process, monkeypatch):
    registered(datasets=("iris", "wine"))
    check_versions(store, ("iris", "wine"))
    first = versions(store)[0]
    model_id = model_of(store.client.get_run(first.run_id))
    tags = store.client.get_logged_model(model_id).tags
    assert f'"name": "{NAME}", "version": 1' in tags["mlflow.modelVersions"]
    monkeypatch.setattr(mlflow.tracking._tracking_service.utils, "_tracking_uri", store.uri)
    served = mlflow.pyfunc.load_model(f"models:/{NAME}/1")
    network = load_model(store, model_id)
    data = build.dataset(network.config.dataset)
    expected = network.predict(data.x[:5])
    predicted = served.predict(data.x[:5])
    assert all(np.array_equal(predicted[name], column) for name, column in expected.items())


def test_same_command_again_registers_nothing_new(here, store, one_process, capsys):
    registered()
    registered()
    assert len(versions(store)) == 1
    line = f"Registered {NAME} version 1: iris, depth="
    assert capsys.readouterr().out.count(line) == 2


def test_runs_tracked_without_models_register_nothing(here, store, one_process):
    sweep()
    with pytest.raises(ConfigError, match=r"^tracking.register=.*resume=false trains it again$"):
        registered()
    assert not store.client.search_registered_models()
    registered_again = jobs.compose_job(
        ["dataset=iris", "depth=1", *SMALL, f'tracking.register="{NAME}"', "resume=false"]
    )
    run_sweep([registered_again], "python -m nnbench")
    assert len(versions(store)) == 1


def test_a_failing_registry_is_one_line(here, store, one_process):
    store.client.register_prompt("best_nets", "a prompt")
    with pytest.raises(ConfigError, match=r"^tracking.register=best_nets: registering failed: "):
        sweep("tracking.register=best_nets")
    assert not any(version.run_id for version in versions(store))


@pytest.mark.parametrize("name", ["a/b", "a:b", "", " ", ".", "..", "..a", "x" * 257, "a\tb"])
def test_name_that_mlflow_refuses_is_refused_before_work(name):
    with pytest.raises(ConfigError, match=r"^tracking.register=.*: must be a name of at most 256"):
        jobs.compose_job(["dataset=iris", f'tracking.register="{name}"'])


@pytest.mark.parametrize("name", ["a", "x" * 256, ".a", "a..", "ü b", "it's", "12"])
def test_mlflow_accepts_the_names_that_are_accepted(name, store):
    config = jobs.compose_job(["dataset=iris", f'tracking.register="{name}"'])
    assert store.client.create_registered_model(config.sweep.tracking.option("register"))


@pytest.mark.slow
def test_server_registers_the_best_run(tmp_path, monkeypatch, template_store, one_process):
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "behind.db"
    database.write_bytes(template_store.read_bytes())
    with mlflow_server(f"sqlite:///{database}", tmp_path) as server:
        sweep(f'tracking.register="{NAME}"', f"tracking.uri={server.uri}")
        check_versions(open_store(server.uri), ("iris",))
