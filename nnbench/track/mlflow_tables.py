"""MLflow's own tables, for those databases in which they are read and written directly."""

from typing import Any

from mlflow.store.tracking.dbmodels import models
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import postgresql, sqlite

from nnbench.track.address import patient

EXPERIMENTS, RUNS, TAGS, PARAMS, METRICS, LATEST, DATASETS, INPUTS, INPUT_TAGS, MODELS = (
    model.__table__
    for model in (
        models.SqlExperiment,
        models.SqlRun,
        models.SqlTag,
        models.SqlParam,
        models.SqlMetric,
        models.SqlLatestMetric,
        models.SqlDataset,
        models.SqlInput,
        models.SqlInputTag,
        models.SqlLoggedModel,
    )
)

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""Databases whose rows we write → their insertion, which can leave out what is there already."""

LOCKED_SECONDS = 20
"""Seconds for which another process may write to an SQLite file, as in MLflow."""

WRITTEN = {
    RUNS: "run_uuid name source_type source_name entry_point_name user_id status start_time "
    "end_time source_version lifecycle_stage artifact_uri experiment_id",
    TAGS: "run_uuid key value",
    PARAMS: "run_uuid key value",
    METRICS: "run_uuid key value timestamp step is_nan",
    LATEST: "run_uuid key value timestamp step is_nan",
    DATASETS: "dataset_uuid experiment_id name digest dataset_source_type dataset_source "
    "dataset_schema dataset_profile",
    INPUTS: "input_uuid source_type source_id destination_type destination_id step",
    INPUT_TAGS: "input_uuid name value",
}
"""The columns that are written here."""


def are_known() -> bool:
    """True if the installed MLflow has the tables that are written here.

    Others may have more columns, as long as those need no value.
    """
    return all(
        set(names.split()) <= set(table.columns.keys())
        and all(
            column.name in names.split() or column.nullable or column.default is not None
            for column in table.columns
        )
        for table, names in WRITTEN.items()
    )


def known_engine(uri: str) -> Engine | None:
    """The way into the database of that address, if it is one whose tables we know."""
    kind = uri.partition(":")[0].partition("+")[0]
    if kind not in INSERT or not are_known():
        return None
    waits = {"timeout": LOCKED_SECONDS} if kind == "sqlite" else {}
    return create_engine(patient(uri), pool_pre_ping=True, connect_args=waits)
