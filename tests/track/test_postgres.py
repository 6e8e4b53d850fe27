"""PostgreSQL itself, and an MLflow server in front of it."""

import time
from contextlib import contextmanager

import psutil
import pytest

from nnbench import load_runs
from nnbench.run.errors import ConfigError
from nnbench.track import silence
from nnbench.track.store import open_store
from nnbench.track.sync import SyncReport, sync
from nnbench.track.tracker import track_sweep
from tests.track.forks import run_module
from tests.track.made import DATA, finished_keys, keys_of_whole_runs, made_result, waiting
from tests.track.servers import mlflow_server, postgres_programs, postgres_server

PROGRAMS = postgres_programs()


@pytest.mark.slow
@pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server installed")
def test_postgres_directly_and_behind_a_server(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with postgres_server(PROGRAMS) as address:
        # Making the store is part of it.
        done = run_module("log_runs", address, "trial", 4, 2, directory=tmp_path)
        assert done.returncode == 0, done.stdout
        store = open_store(address)
        assert keys_of_whole_runs(store, "trial") == {f"key {i}": 1 for i in range(4)}
        assert finished_keys(store, "trial") == {f"key {i}" for i in range(4)}
        assert (tmp_path / "mlartifacts").is_dir()
        with mlflow_server(address, tmp_path) as server:
            front = open_store(server.uri)
            assert finished_keys(front, "trial") == {f"key {i}" for i in range(4)}
            with track_sweep(front, "served", {}, "") as tracker:
                assert tracker.log(made_result(0), "key 0", DATA)
        with track_sweep(store, "trial", {}, "") as tracker:
            assert tracker.log(made_result(0), "key 0", DATA) is None
            tracker.failing = True
            tracker.log(made_result(9), "key 9", DATA)
        assert waiting(store) == 1
        assert sync(store) == SyncReport(1, 0)
        assert keys_of_whole_runs(store, "trial")["key 9"] == 1
        assert keys_of_whole_runs(store, "served") == {"key 0": 1}
    with (
        pytest.raises(ConfigError, match=r"tracking\.uri=") as caught,
        track_sweep(store, "trial", {}, ""),
    ):
        pass
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    # Else connections to a server that has gone are complained of in whatever test comes next.
    store.engine.dispose()


@contextmanager
def stopped():
    """The PostgreSQL server of this process, there but silent."""
    server = next(child for child in psutil.Process().children() if child.name() == "postgres")
    processes = [server, *server.children(recursive=True)]
    try:
        for process in processes:
            process.suspend()
        yield
    finally:
        for process in processes:
            process.resume()


@pytest.mark.slow
@pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server installed")
def test_a_server_that_falls_silent_costs_no_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(silence, "SECONDS", 1)
    with postgres_server(PROGRAMS) as address:
        store = open_store(address, create=True)
        with track_sweep(store, "trial", {}, "") as tracker:
            assert tracker.log(made_result(0), "key 0", DATA)
            with stopped():
                started = time.monotonic()
                assert tracker.log(made_result(1), "key 1", DATA) is None
                with pytest.raises(ConfigError, match=r"^tracking\.uri=.*failed: "):
                    load_runs("trial", address)
                assert time.monotonic() - started < 60
        assert waiting(store) == 1
        assert sync(store) == SyncReport(1, 0)
        assert keys_of_whole_runs(store, "trial") == {"key 0": 1, "key 1": 1}
        store.engine.dispose()
