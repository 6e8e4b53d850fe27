"""Runs written as rows of MLflow's own tables, each in one transaction.

MLflow's client takes five transactions for a run and makes an object for every point of a curve. On
two busy cores, medians of three to four rounds each, 1,000 runs of 10 epochs took 92 s instead of
126 (14 s instead of 41 of the main process), the 30 runs of the main job 20.5 s instead of 21.0.
Of a run that is cut off there is nothing in the tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, TableClause, delete, select, update

from nnbench.track.entities import Metric, Param, Tag
from nnbench.track.failures import refusal
from nnbench.track.mlflow_tables import (
    DATASETS,
    EXPERIMENTS,
    INPUT_TAGS,
    INPUTS,
    INSERT,
    LATEST,
    METRICS,
    PARAMS,
    RUNS,
    TAGS,
)

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

ID_BYTES = 8
"""Random bytes of a run's id, half as many as MLflow takes.

Tables and their indexes hold the id of a run 500 times; this spares nine of its 37 kilobytes.
"""


@dataclass
class RunRows:
    """A run of which everything is written at the end."""

    run_id: str
    artifact_uri: str
    metrics: list[Metric] = field(default_factory=list)
    params: list[Param] = field(default_factory=list)
    inputs: "list[DatasetInput]" = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    ending: dict[str, Any] = field(default_factory=dict)

    def log(
        self,
        metrics: Sequence[Metric],
        params: Sequence[Param] = (),
        inputs: "Sequence[DatasetInput]" = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        self.metrics += metrics
        self.params += params
        self.inputs += inputs
        self.tags += tags

    def end(self, status: str, time: int) -> None:
        self.ending = {"status": status, "end_time": time}


@dataclass(frozen=True)
class RowWriter:
    """Writes runs into a database of MLflow's."""

    engine: Engine

    @contextmanager
    def create(
        self, experiment_id: str, start_time: int, tags: Mapping[str, str]
    ) -> Iterator[RunRows]:
        with self.engine.connect() as connection:
            location = artifact_location(connection, int(experiment_id))
        run_id = token_hex(ID_BYTES)
        run = RunRows(run_id, artifact_uri(location, run_id))
        yield run
        row = {
            "run_uuid": run_id,
            "name": tags["mlflow.runName"],
            "source_type": "UNKNOWN",
            "source_name": "",
            "entry_point_name": "",
            "user_id": tags.get("mlflow.user", "unknown"),
            "status": "RUNNING",
            "start_time": start_time,
            "end_time": None,
            "source_version": "",
            "lifecycle_stage": "active",
            "artifact_uri": run.artifact_uri,
            "experiment_id": int(experiment_id),
            **run.ending,
        }
        with self.engine.begin() as connection:
            self.insert(connection, RUNS, [row])
            run.tags = [*(Tag(name, value) for name, value in tags.items()), *run.tags]
            self.add(connection, run)
            for data in run.inputs:
                self.add_input(connection, int(experiment_id), run_id, data)

    @contextmanager
    def reopen(self, run_id: str, artifact_uri: str) -> Iterator[RunRows]:
        run = RunRows(run_id, artifact_uri)
        yield run
        with self.engine.begin() as connection:
            updated = connection.execute(
                update(RUNS)
                .where(RUNS.c.run_uuid == run_id, RUNS.c.lifecycle_stage == "active")
                .values({"status": "RUNNING", **run.ending})
            )
            if not updated.rowcount:
                raise refusal(f"the run {run_id} was deleted", "INVALID_PARAMETER_VALUE")
            self.add_newer(connection, run)

    def amend(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        run = RunRows(run_id, "")
        run.log(metrics, params, (), tags)
        with self.engine.begin() as connection:
            self.add_newer(connection, run)

    def add_newer(self, connection: Connection, run: RunRows) -> None:
        """Insert points that are later than the latest, parameters, and tags that may be there."""
        for table, written in ((LATEST, run.metrics), (TAGS, run.tags)):
            keys = {entity.key for entity in written}
            connection.execute(
                delete(table).where(table.c.run_uuid == run.run_id, table.c.key.in_(keys))
            )
        self.add(connection, run)

    def add(self, connection: Connection, run: RunRows) -> None:
        """Insert the tags, parameters and metrics of a run, none of which is there."""
        self.insert(connection, TAGS, texts(run.run_id, run.tags))
        self.insert(connection, PARAMS, texts(run.run_id, run.params))
        points = {identity(metric): as_row(run.run_id, metric) for metric in run.metrics}
        latest: dict[str, Metric] = {}
        for metric in run.metrics:
            newest = latest.setdefault(metric.key, metric)
            if moment(metric) > moment(newest):
                latest[metric.key] = metric
        # In the order of an index, whose pages are then better filled.
        rows = sorted(points.values(), key=lambda row: (row["key"], row["step"]))
        self.insert(connection, METRICS, rows)
        self.insert(connection, LATEST, [as_row(run.run_id, m) for m in latest.values()])

    def add_input(
        self, connection: Connection, experiment_id: int, run_id: str, data: "DatasetInput"
    ) -> None:
        """Insert that a run was given a data set, which may be there already."""
        name, digest = data.dataset.name, data.dataset.digest
        row = {
            "dataset_uuid": uuid4().hex,
            "experiment_id": experiment_id,
            "name": name,
            "digest": digest,
            "dataset_source_type": data.dataset.source_type,
            "dataset_source": data.dataset.source,
            "dataset_schema": data.dataset.schema,
            "dataset_profile": data.dataset.profile,
        }
        statement = INSERT[self.engine.dialect.name](DATASETS).on_conflict_do_nothing()
        connection.execute(statement, row)
        dataset_uuid = connection.execute(
            select(DATASETS.c.dataset_uuid).where(
                DATASETS.c.experiment_id == experiment_id,
                DATASETS.c.name == name,
                DATASETS.c.digest == digest,
            )
        ).scalar_one()
        joined = {
            "input_uuid": uuid4().hex,
            "source_type": "DATASET",
            "source_id": dataset_uuid,
            "destination_type": "RUN",
            "destination_id": run_id,
            "step": 0,
        }
        self.insert(connection, INPUTS, [joined])
        tags = [
            {"input_uuid": joined["input_uuid"], "name": tag.key, "value": tag.value}
            for tag in data.tags
        ]
        self.insert(connection, INPUT_TAGS, tags)

    def insert(self, connection: Connection, table: TableClause, rows: Any) -> None:
        """Insert rows, if there are any."""
        if rows := list(rows):
            connection.execute(INSERT[self.engine.dialect.name](table), rows)


def artifact_uri(location: str, run_id: str) -> str:
    """The address at which MLflow looks for a run's files: one directory, not one in another."""
    from mlflow.utils.uri import append_to_uri_path

    return str(append_to_uri_path(location, run_id))  # type: ignore[no-untyped-call]


def artifact_location(connection: Connection, experiment_id: int) -> str:
    """The address of an experiment's files. Raises MlflowException unless it is active."""
    row = connection.execute(
        select(EXPERIMENTS.c.artifact_location, EXPERIMENTS.c.lifecycle_stage).where(
            EXPERIMENTS.c.experiment_id == experiment_id
        )
    ).one_or_none()
    if row is None or row.lifecycle_stage != "active":
        raise refusal(f"the experiment {experiment_id} was deleted", "INVALID_STATE")
    return str(row.artifact_location)


def texts(run_id: str, entities: Sequence[Param | Tag]) -> list[dict[str, str]]:
    """Tags or parameters as rows."""
    return [{"run_uuid": run_id, "key": e.key, "value": e.value} for e in entities]


def as_row(run_id: str, metric: Metric) -> dict[str, Any]:
    """A point as a row; there are no others than finite ones."""
    return {
        "run_uuid": run_id,
        "key": metric.key,
        "value": metric.value,
        "timestamp": metric.timestamp,
        "step": metric.step,
        "is_nan": False,
    }


def identity(metric: Metric) -> tuple[object, ...]:
    """The values that two points of a run must not share."""
    return metric.key, metric.timestamp, metric.step, metric.value


def moment(metric: Metric) -> tuple[int, int, float]:
    """The values by which MLflow tells the latest point of a curve."""
    return metric.step, metric.timestamp, metric.value
