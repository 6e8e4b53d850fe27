"""Rows that are written here against those that MLflow's client writes."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from mlflow.exceptions import MlflowException

from nnbench.track.client_writer import RequestWriter
from nnbench.track.entities import Metric, Param
from nnbench.track.store import open_store
from nnbench.track.table_writer import RowWriter
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, by_requests, long_result, made_result

DRAWN = {"run_uuid", "input_uuid", "dataset_uuid", "source_id", "destination_id", "timestamp"}
DRAWN |= {"start_time", "end_time", "artifact_uri", "creation_time", "last_update_time"}
DRAWN |= {"artifact_location"}
"""Columns that chance or the clock decides."""


def contents(file):
    """Every row of every table of a database, without random values."""
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            table: sorted(
                repr([(k, row[k]) for k in row.keys() if k not in DRAWN])  # noqa: SIM118
                for row in database.execute(f"SELECT * FROM {table}")
                if row_is_lasting(row)
            )
            for (table,) in tables
        }


def row_is_lasting(row):
    drawn = ("nnbench.token", "nnbench.sweep", "mlflow.parentRunId")
    return "key" not in row.keys() or row["key"] not in drawn  # noqa: SIM118


def logged(file, template_store, way):
    shutil.copy(template_store, file)
    store = open_store(f"sqlite:///{file}")
    if way == "requests":
        by_requests(store)
    with track_sweep(store, "trial", {}, "") as tracker:
        statuses = {0: "finished", 1: "diverged", 2: "failed", 3: "finished"}
        ids = [
            tracker.log(made_result(seed, status), f"key {seed}", DATA)
            for seed, status in statuses.items()
        ]
        ids.append(tracker.log(long_result(4), "long", DATA))
    return store, ids


def test_database_is_same_as_mlflows_client_makes_it(tmp_path, template_store):
    first, two = tmp_path / "one.db", tmp_path / "two.db"
    by_rows, ids = logged(first, template_store, "rows")
    requested, others = logged(two, template_store, "requests")
    assert isinstance(by_rows.writer, RowWriter)
    assert isinstance(requested.writer, RequestWriter)
    assert contents(first) == contents(two)
    assert len(contents(first)["metrics"]) > 20
    for run_id, other in zip(ids, others, strict=True):
        run, same = by_rows.client.get_run(run_id), requested.client.get_run(other)
        assert run.data.metrics == same.data.metrics
        assert run.info.artifact_uri == f"file://{tmp_path}/mlartifacts/{run_id}"
        assert run.inputs.to_dictionary() == same.inputs.to_dictionary()


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_piecewise_run_equals_one_written_at_once(store, way):
    if way == "requests":
        by_requests(store)
    experiment_id = store.client.create_experiment("trial")
    with store.writer.create(experiment_id, 1000, {"mlflow.runName": "long"}) as run:
        run.log([Metric("loss", 3.0, 5, 0), Metric("loss", 2.0, 5, 1)], [Param("lr", "0.1")])
    run_id = run.run_id
    assert store.client.get_run(run_id).info.status == "RUNNING"
    assert store.client.get_run(run_id).data.metrics == {"loss": 2.0}
    with store.writer.reopen(run_id, run.artifact_uri) as run:
        run.log([Metric("loss", 1.0, 6, 2), Metric("final", 7.0, 6, 0)])
    with store.writer.reopen(run_id, run.artifact_uri) as run:
        run.end("FINISHED", 2000)
    whole = store.client.get_run(run_id)
    assert (whole.info.status, whole.info.start_time, whole.info.end_time) == (
        "FINISHED",
        1000,
        2000,
    )
    assert whole.data.metrics == {"loss": 1.0, "final": 7.0}
    assert whole.data.params == {"lr": "0.1"}
    points = store.client.get_metric_history(run_id, "loss")
    assert [(point.step, point.value) for point in points] == [(0, 3.0), (1, 2.0), (2, 1.0)]


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_interrupted_run_is_absent_or_killed(store, way):
    if way == "requests":
        by_requests(store)
    experiment_id = store.client.create_experiment("trial")

    def break_off():
        with store.writer.create(experiment_id, 1000, {"mlflow.runName": "long"}) as run:
            run.log([Metric("loss", 3.0, 5, 0)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    states = [run.info.status for run in store.client.search_runs([experiment_id])]
    assert states == ([] if way == "rows" else ["KILLED"])


def test_nothing_is_written_into_a_deleted_experiment(store):
    experiment_id = store.client.create_experiment("trial")
    store.client.delete_experiment(experiment_id)
    for lost in (experiment_id, "99"):
        with (
            pytest.raises(MlflowException, match="was deleted"),
            store.writer.create(lost, 1000, {"mlflow.runName": "late"}),
        ):
            pass
