"""SQLite stores that are made aside, and what killed processes left of them."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from nnbench.run.errors import ConfigError
from nnbench.track import sqlite_store
from nnbench.track.sqlite_store import is_incomplete, look
from nnbench.track.store import open_store
from tests.track.forks import run_module


@pytest.fixture
def file(here):
    return here / "mlflow.db"


def change(file, *statements):
    with closing(sqlite3.connect(file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_store_is_there_whole_or_not_at_all(tmp_path, template_store, monkeypatch):
    file = tmp_path / "mlflow.db"
    file.with_name("mlflow.db-wal").write_bytes(b"of a file that was removed")
    file.with_name(".mlflow.db.new").write_bytes(b"of a process that was killed")

    class Store:
        def __init__(self, uri, artifacts):
            assert names(tmp_path) == [".mlflow.db.lock", "mlflow.db-wal"]
            assert artifacts == (tmp_path / "mlartifacts").as_uri()
            self.engine = self
            shutil.copy(template_store, uri.removeprefix("sqlite:///"))

        def dispose(self):
            assert not file.exists()

    monkeypatch.setattr("mlflow.store.tracking.sqlalchemy_store.SqlAlchemyStore", Store)
    monkeypatch.setattr("nnbench.track.store.connect", lambda uri: None)
    open_store(f"sqlite:///{file}", create=True)
    assert names(tmp_path) == [".mlflow.db.lock", "mlflow.db"]
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(uri, artifacts):
        shutil.copy(__file__, uri.removeprefix("sqlite:///"))
        raise OSError("disk full")

    monkeypatch.setattr("mlflow.store.tracking.sqlalchemy_store.SqlAlchemyStore", fail)
    with pytest.raises(ConfigError, match="MLflow could not open it: disk full"):
        open_store(f"sqlite:///{tmp_path}/mlflow.db", create=True)
    assert names(tmp_path) == [".mlflow.db.lock"]


BEGINNINGS = {
    "empty": None,
    "no version yet": ["DROP TABLE alembic_version"],
    "version without a row": ["DELETE FROM alembic_version"],
    "an early stage": ["UPDATE alembic_version SET version_num = '451aebb31d03'"],
    "a table half changed": [
        "UPDATE alembic_version SET version_num = '451aebb31d03'",
        "CREATE TABLE _alembic_tmp_experiments AS SELECT * FROM experiments",
    ],
}


@pytest.mark.parametrize("name", BEGINNINGS)
def test_an_incomplete_store_is_made_anew(name, file, template_store, monkeypatch):
    if BEGINNINGS[name] is None:
        file.write_bytes(b"")
    else:
        change(file, *BEGINNINGS[name])
    created = []
    monkeypatch.setattr("nnbench.track.store.make", created.append)
    monkeypatch.setattr("nnbench.track.store.connect", lambda uri: None)
    # An empty file may belong to another program, so that only training makes a store of it.
    open_store(None, create=BEGINNINGS[name] is None)
    assert created == [file]


KEPT = {
    "a run": "INSERT INTO runs (run_uuid, experiment_id) VALUES ('a', 0)",
    "an experiment": "INSERT INTO experiments (experiment_id, name, workspace) VALUES (7, 'a', '')",
    "a tag": "INSERT INTO experiment_tags (key, value, experiment_id) VALUES ('a', 'b', 0)",
}


@pytest.mark.parametrize("name", KEPT)
def test_store_with_content_is_left_alone(name, file):
    change(file, "DELETE FROM alembic_version", KEPT[name])
    assert not is_incomplete(file)


def test_whole_newer_and_foreign_stores_are_left_alone(file):
    assert not is_incomplete(file)
    change(file, "UPDATE alembic_version SET version_num = 'of a later MLflow'")
    assert not is_incomplete(file)
    file.unlink()
    change(file, "CREATE TABLE experiments (name)", "CREATE TABLE songs (name)")
    with pytest.raises(ConfigError, match="not one of MLflow's"):
        look("tracking.uri", "uri", file)


def test_tables_without_a_version_are_looked_at_closely(file):
    change(file, "DROP TABLE alembic_version")
    look("tracking.uri", "uri", file)
    assert sqlite_store.is_incomplete(file)


def test_tables_are_known_that_nothing_has_imported_yet(file):
    """Checks in a process of its own, as another test may have imported them."""
    with sqlite3.connect(file) as database:
        there = sqlite_store.tables(database)
    database.close()
    code = "from nnbench.track.sqlite_store import known_tables; print(*known_tables())"
    expected = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert there <= set(expected.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("way", ["aside", "in place"])
def test_kills_while_a_store_is_made_break_nothing(way, tmp_path):
    done = run_module("cut_makings", str(tmp_path / "mlflow.db"), 10, way, directory=tmp_path)
    assert done.returncode == 0, done.stdout
    print(done.stdout)
