"""A real MLflow server that goes away in the middle of a sweep, and comes back."""

import time

import pytest

from nnbench.track.publish_report import publish
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.store import open_store
from nnbench.track.sweeps import read_sweeps
from nnbench.track.sync import SyncReport, sync
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, finished_keys, keys_of_whole_runs, made_result, waiting
from tests.track.servers import mlflow_server


@pytest.fixture
def server(tmp_path, monkeypatch, template_store):
    """A server that keeps everything in the working directory."""
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "behind.db"
    database.write_bytes(template_store.read_bytes())
    with mlflow_server(f"sqlite:///{database}", tmp_path) as running:
        yield running


@pytest.mark.slow
def test_stopped_server_costs_seconds_and_no_run(server, tmp_path):
    store = open_store(server.uri)
    with track_sweep(store, "trial", {}, "") as tracker:
        first = tracker.log(made_result(0), "key 0", DATA)
        history = Histories(store, read_runs(store, "trial"))[first]
        assert history.layers == made_result().history.layers
        assert tracker.log(made_result(0), "key 0", DATA) is None
        server.stop()
        started = time.monotonic()
        tracker.log(made_result(1), "key 1", DATA)
        assert time.monotonic() - started < 30
        started = time.monotonic()
        for number in range(2, 12):
            tracker.log(made_result(number), f"key {number}", DATA)
        assert time.monotonic() - started < 5
    assert (tracker.unlogged, waiting(store)) == (11, 11)
    assert tracker.outbox == tmp_path / "outbox"
    assert tracker.trouble == "the MLflow server doesn't answer any more"
    still_down = sync(server.uri)
    assert (still_down.logged, still_down.unlogged) == (0, 11)
    assert "no MLflow server answers" in still_down.reason
    server.start()
    assert sync(server.uri) == SyncReport(11, 0)
    store = open_store(server.uri)
    assert keys_of_whole_runs(store, "trial") == {f"key {i}": 1 for i in range(12)}
    assert finished_keys(store, "trial") == {f"key {i}" for i in range(12)}
    assert store.client.get_run(tracker.sweep_id).info.status == "RUNNING"


@pytest.mark.slow
def test_a_server_shows_the_latest_report_only(server, tmp_path):
    store = open_store(server.uri)
    with track_sweep(store, "trial", {}, "the command") as tracker:
        pass
    (sweep,) = read_sweeps(store, "trial")
    for name in ("earlier", "later"):
        directory = tmp_path / name
        (directory / "tables").mkdir(parents=True)
        (directory / "tables" / f"{name}.csv").write_text(name)
        publish(store, sweep, directory, f"## {name}", {"a/b": 1.0})
    files = store.client.list_artifacts(tracker.sweep_id, "report/tables")
    assert [file.path for file in files] == ["report/tables/later.csv"]
    tags = store.client.get_run(tracker.sweep_id).data.tags
    assert tags["mlflow.note.content"] == "## later"
