import os
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from nnbench.run.errors import ConfigError
from nnbench.track.address import store_uri
from nnbench.track.read_runs import read_runs
from nnbench.track.store import open_store, readable, store_exists
from tests.track.forks import run_module


def test_default_is_file_right_here_by_absolute_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert store_uri(None) == f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///other.db")
    assert store_uri(None) == f"sqlite:///{tmp_path}/other.db"
    assert store_uri("sqlite:///named.db") == f"sqlite:///{tmp_path}/named.db"
    assert store_uri("http://localhost:5000") == "http://localhost:5000"


def test_stray_file_store_does_not_change_the_default(here):
    (here / "mlruns" / "0").mkdir(parents=True)
    (here / "mlruns" / "0" / "meta.yaml").write_text("experiment_id: 0\n")
    assert open_store(None).uri == f"sqlite:///{here}/mlflow.db"


def test_store_that_fails_while_read_is_one_line(store):
    with (
        pytest.raises(
            ConfigError, match=r"tracking\.uri=sqlite:///\S+: reading failed: gone"
        ) as caught,
        readable(store),
    ):
        raise sqlite3.OperationalError("gone\nfor good")
    assert "\n" not in str(caught.value)
    with pytest.raises(ConfigError, match="experiment=none"), readable(store):
        read_runs(store, "none")


def refused(uri, create=True):
    with pytest.raises(ConfigError) as caught:
        open_store(uri, create=create)
    assert str(caught.value).startswith("tracking.uri=")
    return str(caught.value)


def test_non_store_is_refused_and_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = tmp_path / "text.db"
    text.write_text("not a database, but long enough to have had a header " * 9)
    assert "not an SQLite database" in refused(f"sqlite:///{text}")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE songs (name)")
    database.close()
    before = other.read_bytes()
    assert "not one of MLflow's" in refused(f"sqlite:///{other}")
    assert "no directory" in refused(f"sqlite:///{tmp_path}/nowhere/at/all.db")
    assert "no directory" in refused(f"sqlite:///{'x' * 300}/all.db")
    assert "File name too long" in refused(f"sqlite:///{'x' * 300}.db")
    assert "no such store" in refused(f"sqlite:///{'x' * 300}.db", create=False)
    assert not store_exists(f"sqlite:///{'x' * 300}.db")
    assert "is not writable" in refused("sqlite:////proc/mlflow.db")
    assert "must be sqlite:///" in refused("./mlruns")
    assert "must be sqlite:///" in refused("file:///tmp/mlruns")
    assert "postgresql" in refused("postgres://me:secret@127.0.0.1/db")
    assert "none.db yet" in refused(f"sqlite:///{tmp_path}/none.db", create=False)
    assert other.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.db", "text.db"]


def test_absent_server_is_refused_within_seconds():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    started = time.monotonic()
    assert "no MLflow server answers" in refused(f"http://127.0.0.1:{port}")
    assert time.monotonic() - started < 15


def test_server_that_accepts_and_never_answers_is_refused(monkeypatch):
    monkeypatch.setattr("nnbench.track.probes.SILENT_SECONDS", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert "no MLflow server answers" in refused(f"http://127.0.0.1:{silent.getsockname()[1]}")


def test_simultaneous_creation_breaks_no_store(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    processes = run_module("make_store", 3, directory=tmp_path)
    assert processes.returncode == 0
    # On a busy machine those who wait say so.
    assert all(" waiting for " in line for line in processes.stdout.splitlines())
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        (count,) = database.execute("SELECT count(*) FROM runs").fetchone()
    database.close()
    assert count == 3


def test_path_with_signs_that_mean_something_in_address(tmp_path):
    directory = tmp_path / "c# 100%25 ?x"
    directory.mkdir()
    uri = f"sqlite:///{directory}/mlflow.db"
    (directory / "mlflow.db").write_text("no database")
    with pytest.raises(ConfigError, match="not an SQLite database"):
        open_store(uri)
    assert os.listdir(tmp_path) == ["c# 100%25 ?x"]


def test_newest_experiment_is_one_with_the_newest_run(store):
    first, second = (store.client.create_experiment(name) for name in ("first", "second"))
    assert store.newest_experiment() == ""
    for experiment, started in ((second, 1000), (first, 2000)):
        store.client.create_run(experiment, start_time=started)
    assert store.newest_experiment() == first


KILLED = """
import os, signal, sqlite3, sys

database = sqlite3.connect("mlflow.db", isolation_level=None)
database.execute(f"PRAGMA journal_mode={sys.argv[1]}")
database.execute("PRAGMA cache_size=1")
database.execute("BEGIN IMMEDIATE")
for number in range(100):
    database.execute("INSERT INTO experiment_tags VALUES (?, ?, 0)", (f"{number}", "x" * 5000))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_store_whose_writer_was_killed_opens_again(here, mode):
    """The next process to open the file has to undo what was half-written."""
    killed = subprocess.run([sys.executable, "-c", KILLED, mode], timeout=120)
    assert killed.returncode == -9
    leftover = here / ("mlflow.db-journal" if mode == "DELETE" else "mlflow.db-wal")
    assert leftover.stat().st_size > 0
    store = open_store(None)
    assert read_runs(store, "Default").empty
    assert store.client.get_experiment("0").tags == {}


def test_empty_file_is_no_store_and_stays_empty(tmp_path):
    file = tmp_path / "empty.db"
    file.touch()
    with pytest.raises(ConfigError, match="no such store"):
        open_store(f"sqlite:///{file}")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.db"]
    assert not file.stat().st_size
