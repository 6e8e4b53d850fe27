from dataclasses import replace

import numpy as np
import pytest
import yaml

import nnbench
from nnbench.assembly import build
from nnbench.options import catalogue
from nnbench.run.config import Component
from nnbench.run.result import RunResult
from nnbench.sweep.plan import run_key
from nnbench.track.files import local_path
from nnbench.track.metrics_and_tags import POINTS, thinned
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.tracker import track_sweep
from tests.track.made import by_requests, write_as_before

WORDS = ["dataset=iris", "epochs=3", "width=4", "depth=2"]


@pytest.fixture(scope="module")
def trained():
    """Two finished runs and a diverged one, with their data."""
    configs = nnbench.compose_all([*WORDS, "seeds=2"])
    configs.append(nnbench.compose([*WORDS, "seed=9", "lr=1e9", "optimizer=sgd"]))
    data = build.dataset(configs[0].dataset)
    return [nnbench.train(config) for config in configs], data


@pytest.fixture
def logged(store, trained):
    """The same, logged; with a failed run."""
    results, data = trained
    failed = RunResult(results[0].config, "failed", reason="no <b>luck</b>")
    with track_sweep(store, "trial", {"seeds": 2, "jobs": None}, "the command") as tracker:
        ids = [tracker.log(r, run_key(r.config, data.fingerprint), data) for r in results]
        ids.append(tracker.log(failed, "key", None))
    return store, ids, tracker.sweep_id


def test_run_has_parameters_metrics_tags_data_and_artifacts(logged, trained):
    store, ids, sweep_id = logged
    result = trained[0][0]
    run = store.client.get_run(ids[0])
    settings = {k: str(v) for k, v in result.config.flat().items() if v is not None}
    assert run.data.params == settings
    assert settings["optimizer.beta1"] == "0.9"
    assert settings["loss"] == "cross_entropy"
    for name, value in result.final.items():
        assert run.data.metrics[name] == value
    assert run.info.status == "FINISHED"
    assert run.data.tags["nnbench.status"] == "finished"
    assert run.data.tags["mlflow.parentRunId"] == sweep_id
    assert {tracked.dataset.name for tracked in run.inputs.dataset_inputs} == {"iris"}
    assert len(run.inputs.dataset_inputs) == 3
    files = {file.path for file in store.client.list_artifacts(ids[0])}
    assert files == {"config.yaml", "curves.npz"}
    text = store.client.download_artifacts(ids[0], "config.yaml")
    with open(text) as file:
        assert yaml.safe_load(file)["optimizer"]["options"]["beta1"] == 0.9


def test_curves_are_logged_as_metrics_and_artifact(logged, trained):
    store, ids, _ = logged
    result = trained[0][0]
    points = store.client.get_metric_history(ids[0], "validation_loss")
    assert [point.step for point in points] == [0, 1, 2, 3]
    np.testing.assert_array_equal(
        [point.value for point in points], result.history.curves["validation_loss"]
    )
    times = [point.timestamp for point in points]
    run = store.client.get_run(ids[0])
    assert run.info.start_time == times[0] <= times[1] <= times[2] <= times[3]
    assert set(run.data.metrics) == {
        *result.final, "seconds", "stack_runs", "train_loss", "train_accuracy", "validation_loss",
        "validation_accuracy",
    }  # fmt: skip
    history = Histories(store, read_runs(store, "trial"))[ids[0]]
    assert history.layers == result.history.layers
    np.testing.assert_array_equal(history.moments, result.history.moments)
    np.testing.assert_equal(history.layer_statistics, result.history.layer_statistics)
    for name, curve in result.history.curves.items():
        np.testing.assert_array_equal(history.curves[name], curve)


def test_diverged_and_failed_runs_keep_their_reason(logged, trained):
    store, ids, _ = logged
    diverged, failed = (store.client.get_run(run_id) for run_id in ids[2:])
    assert diverged.info.status == "FINISHED"
    assert diverged.data.tags["nnbench.status"] == "diverged"
    assert diverged.data.tags["nnbench.reason"] == trained[0][2].reason
    assert diverged.data.tags["nnbench.trouble"] == "exploded"
    assert diverged.data.tags["nnbench.layer"] == trained[0][2].layer != ""
    assert diverged.data.metrics["diverged_step"] == trained[0][2].final["diverged_step"] > 0
    assert not any(name.startswith("test_") for name in diverged.data.metrics)
    assert all(np.isfinite(value) for value in diverged.data.metrics.values())
    assert failed.info.status == "FAILED"
    assert failed.data.tags["nnbench.reason"] == "no <b>luck</b>"


def test_table_has_row_run_and_numbers_as_numbers(logged, trained):
    store, ids, sweep_id = logged
    runs = read_runs(store, "trial")
    assert set(runs["run_id"]) == set(ids)
    assert set(runs["sweep"]) == {sweep_id}
    assert runs["depth"].tolist() == [2, 2, 2, 2]
    assert runs["depth"].dtype.kind == "i"
    assert runs["patience"].isna().all()
    assert sorted(runs["status"]) == ["diverged", "failed", "finished", "finished"]
    assert sorted(runs["trouble"]) == ["", "", "", "exploded"]
    assert set(runs["layer"]) == {"", trained[0][2].layer}
    first = runs.set_index("run_id").loc[ids[0]]
    assert first["test_accuracy"] == trained[0][0].final["test_accuracy"]
    assert first["digest"] == trained[1].fingerprint
    assert (first["rows"], first["test_rows"]) == (150, 0)
    assert runs["digest"].tolist().count("") == 1
    assert nnbench.load_runs("trial").equals(runs)


def test_curves_of_an_earlier_engine_are_read(logged, trained):
    store, ids, _ = logged
    runs = read_runs(store, "trial")
    location = runs.set_index("run_id").loc[ids[0], "artifacts"]
    file = local_path(location) / "curves.npz"
    write_as_before(file)
    arrays = dict(np.load(file))
    then = {n: a for n, a in arrays.items() if n != "moments" and not n.startswith("mechanism/")}
    np.savez(file, **then, gradient_norms=np.ones((4, 3)))

    history = Histories(store, runs)[ids[0]]

    assert history.moments.size == 0
    assert history.layer_statistics == {}
    assert history.curves.keys() == trained[0][0].history.curves.keys()


def test_the_parent_run_says_how_the_sweep_ended(logged):
    store, _, sweep_id = logged
    parent = store.client.get_run(sweep_id)
    assert parent.info.status == "FAILED"
    assert parent.data.params == {"seeds": "2"}
    assert parent.data.metrics == {"runs_finished": 2, "runs_diverged": 1, "runs_failed": 1}


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt, "KILLED"), (ValueError, "FAILED")]
)
def test_an_interrupted_sweep_does_not_stay_running(store, error, status):
    with pytest.raises(error), track_sweep(store, "trial", {}, "") as tracker:
        raise error
    assert store.client.get_run(tracker.sweep_id).info.status == status


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_metrics_beyond_mlflows_batch_size_are_logged(store, trained, way):
    if way == "requests":
        by_requests(store)
    (result, *_), data = trained
    final = {**result.final, **{f"extra_{i}": float(i) for i in range(1500)}}
    options = {f"option_{i}": i for i in range(150)}
    config = replace(result.config, optimizer=Component("mine", "", options))
    with track_sweep(store, "trial", {}, "") as tracker:
        run_id = tracker.log(replace(result, final=final, config=config), "key", data)
        run = store.client.get_run(run_id)
    assert set(final) <= set(run.data.metrics)
    assert len(run.data.params) == sum(v is not None for v in config.flat().values()) > 150


@pytest.mark.parametrize("count", [1, 2, 50, 51, 1000, 100_000])
def test_long_curves_are_thinned_but_keep_their_ends(count):
    steps = thinned(count)
    assert len(steps) <= POINTS
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (0, count - 1)


def test_deleted_experiment_makes_room_without_its_runs(logged):
    store, _, _ = logged
    for _ in range(2):
        store.client.delete_experiment(store.client.get_experiment_by_name("trial").experiment_id)
        with track_sweep(store, "trial", {}, "") as tracker:
            assert store.client.get_run(tracker.sweep_id)
        assert read_runs(store, "trial").empty


@pytest.mark.parametrize("call", ["log_inputs", "log_batch", "set_terminated"])
def test_run_interrupted_while_logged_is_never_read(store, trained, monkeypatch, call):
    (result, *_), data = trained

    def cut(*_, **__):
        raise KeyboardInterrupt

    by_requests(store)
    with track_sweep(store, "trial", {}, "") as tracker:
        with monkeypatch.context() as patch:
            patch.setattr(store.client, call, cut)
            with pytest.raises(KeyboardInterrupt):
                tracker.log(result, "key", data)
        assert read_runs(store, "trial").empty
        (cut_off,) = store.client.search_runs([tracker.experiment_id], "tags.`nnbench.key` = 'key'")
        assert cut_off.info.status == ("RUNNING" if call == "set_terminated" else "KILLED")
        tracker.log(result, "key", data)
    assert len(read_runs(store, "trial")) == 1


def test_passwords_are_not_tracked(store):
    command = "python -m nnbench tracking.uri=postgresql://me:secret@db/x"
    settings = {"tracking.uri": "postgresql://me:secret@db/x", "seeds": 3}
    with track_sweep(store, "trial", settings, command) as tracker:
        run = store.client.get_run(tracker.sweep_id)
    assert "secret" not in str(run.to_dictionary())
    assert run.data.params["tracking.uri"] == "postgresql://me:***@db/x"


def test_an_experiment_without_runs_is_an_empty_table(store):
    assert read_runs(store, "Default").empty
    assert list(Histories(store, read_runs(store, "Default"))) == []


def test_composition_settles_the_loss_that_is_tracked(logged):
    store, _, _ = logged
    assert set(read_runs(store, "trial")["loss"]) == {"cross_entropy"}
    assert catalogue.option("loss", "auto").option("classification") == "cross_entropy"
