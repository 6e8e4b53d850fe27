from functools import cache

import numpy as np
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.commands import inspect
from nnbench.composition import jobs
from nnbench.run.errors import ConfigError
from nnbench.run.result import RunResult
from nnbench.sweep.plan import run_key
from nnbench.track.models import load_model, model_of
from nnbench.track.read_run import recall
from nnbench.track.tracker import track_sweep

WORDS = ["dataset=iris", "epochs=3", "width=4", "depth=2"]


@cache
def trained(words, weights):
    return nnbench.train(nnbench.compose(words), weights=weights)


def logged(store, words=WORDS, *, weights=False):
    """Id of a run that was trained and tracked, and of its sweep."""
    with track_sweep(store, "trial", {}, "") as tracker:
        result = trained(tuple(words), weights)
        data = build.dataset(result.config.dataset)
        run_id = tracker.log(result, run_key(result.config, data.fingerprint), data)
    return run_id, tracker.sweep_id


@pytest.mark.parametrize("data", ["dataset=iris", "dataset=moons"])
def test_a_run_without_weights_is_trained_again(store, here, capsys, data):
    # Of moons each run has rows of its own, by its seed.
    run_id, _ = logged(store, [*WORDS, data])
    assert inspect.run([run_id]) == 0

    output = capsys.readouterr().out
    assert "every value is identical, bit for bit" in output
    assert f"Page: inspections/{run_id}/index.html" in output
    names = {file.path for file in store.client.list_artifacts(run_id, "inspect")}
    assert {"inspect/index.html", "inspect/figures"} <= names
    assert run_id in (here / "inspections" / run_id / "index.html").read_text()


def test_the_weights_that_a_run_kept_are_used(store, here, monkeypatch, capsys):
    run_id, _ = logged(store, weights=True)
    monkeypatch.setattr("nnbench.api.train", None)
    assert inspect.run([run_id]) == 0
    assert "those stored with the run" in capsys.readouterr().out


def test_missing_model_is_reported_and_trained_again(store, here, capsys):
    run_id, _ = logged(store, weights=True)
    for file in here.rglob("weights.npz"):
        file.unlink()
    assert inspect.run([run_id]) == 0
    output = capsys.readouterr().out
    assert "reading its model failed" in output
    assert "trained again" in output


def test_figures_that_differ_are_said(store, here, capsys):
    run_id, _ = logged(store)
    then = store.client.get_run(run_id).data.metrics["test_loss"]
    store.client.log_metric(run_id, "test_loss", float(np.nextafter(then, 1)), step=1)
    assert inspect.run([run_id]) == 0
    assert "1 value, such as test_loss" in capsys.readouterr().out


def test_unattachable_page_is_written_nevertheless(store, here, monkeypatch, capsys):
    run_id, _ = logged(store)
    monkeypatch.setattr(
        "nnbench.track.files.Files.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full"))
    )
    assert inspect.run([run_id]) == 0
    assert "Not attached to the run: disk full" in capsys.readouterr().out
    assert (here / "inspections" / run_id / "index.html").exists()


def test_what_can_not_be_looked_at_is_refused(store, here):
    run_id, sweep_id = logged(store)
    for words, why in (
        ([], "inspect: must be followed by the id of one run: inspect RUN_ID"),
        (["a", "b"], "inspect a b: must be followed by the id of one run"),
        (["nope"], "no such run in"),
        ([sweep_id], "must be a training run"),
        ([logged(store, [*WORDS, "optimizer=sgd", "lr=1e9"])[0]], r"run diverged .*\(exploded at"),
        ([run_id, "tracking.uri=sqlite:///other.db"], "no such store"),
    ):
        with pytest.raises(ConfigError, match=why):
            inspect.run(words)
    assert not (here / "inspections").exists()


def test_run_that_failed_is_refused_with_its_reason(store, here):
    result = RunResult(nnbench.compose(WORDS), "failed", reason="MemoryError: none")
    with track_sweep(store, "trial", {}, "") as tracker:
        run_id = tracker.log(result, "key", None)
    with pytest.raises(ConfigError, match=r"the run failed .*\(MemoryError: none\)"):
        inspect.run([run_id])


def test_another_engine_is_refused(store, here, monkeypatch):
    run_id, _ = logged(store)
    monkeypatch.setattr("nnbench.sweep.plan.VERSION", -1)
    with pytest.raises(ConfigError, match="another version of nnbench's engine"):
        inspect.run([run_id])


def test_other_data_are_refused(store, here, monkeypatch):
    run_id, _ = logged(store)
    data = build.dataset(nnbench.compose(WORDS).dataset)
    object.__setattr__(data, "fingerprint", "other")
    monkeypatch.setattr("nnbench.assembly.build.dataset", lambda component: data)
    with pytest.raises(ConfigError, match=r"its data \(iris\) have changed since"):
        inspect.run([run_id])


def test_keys_of_another_version_are_refused(store, here):
    run_id, _ = logged(store)
    (file,) = here.rglob("config.yaml")
    file.write_text(file.read_text() + "brand_new: 1\n")
    with pytest.raises(ConfigError, match="has keys of another version"):
        inspect.run([run_id])


def test_a_tracked_model_is_tied_to_its_run(store, here):
    run_id, _ = logged(store, weights=True)
    run = store.client.get_run(run_id)
    (model,) = store.client.search_logged_models([run.info.experiment_id])

    assert model.source_run_id == run_id
    assert model.status == "READY"
    assert model_of(run) == recall(store, run_id).model == model.model_id
    again = nnbench.train(nnbench.compose(WORDS), weights=True)
    assert np.array_equal(load_model(store, model.model_id).values, again.weights)
    assert not list(here.rglob("*.pkl"))


def test_tracking_does_not_change_a_runs_key():
    words = [*WORDS, "tracking.model=true"]
    assert jobs.compose_job(words).runs == jobs.compose_job(WORDS).runs
