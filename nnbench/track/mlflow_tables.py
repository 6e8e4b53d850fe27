"""MLflow's own tables, for those databases in which they are read and written directly.

They are named here, since importing MLflow's own models of them takes two seconds.
"""

from typing import Any

from sqlalchemy import Engine, TableClause, column, create_engine, inspect, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoSuchTableError

from nnbench.track.address import patient


def named(name: str, columns: str) -> TableClause:
    """A table of some columns."""
    return table(name, *map(column, columns.split()))


EXPERIMENTS = named("experiments", "experiment_id name artifact_location lifecycle_stage workspace")
RUNS = named(
    "runs",
    "run_uuid name source_type source_name entry_point_name user_id status start_time "
    "end_time source_version lifecycle_stage artifact_uri experiment_id",
)
TAGS = named("tags", "run_uuid key value")
PARAMS = named("params", "run_uuid key value")
METRICS = named("metrics", "run_uuid key value timestamp step is_nan")
LATEST = named("latest_metrics", "run_uuid key value timestamp step is_nan")
DATASETS = named(
    "datasets",
    "dataset_uuid experiment_id name digest dataset_source_type dataset_source "
    "dataset_schema dataset_profile",
)
INPUTS = named("inputs", "input_uuid source_type source_id destination_type destination_id step")
INPUT_TAGS = named("input_tags", "input_uuid name value")
MODELS = named("logged_models", "model_id artifact_location")

WRITTEN = (RUNS, TAGS, PARAMS, METRICS, LATEST, DATASETS, INPUTS, INPUT_TAGS)
"""The tables into which rows are inserted here."""
READ = (EXPERIMENTS, MODELS)
"""The other ones."""

WORKSPACE = "default"
"""The workspace of experiments, as long as nobody turns on MLflow's workspaces."""

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""Databases whose rows we write → their insertion, which can leave out what is there already."""

LOCKED_SECONDS = 20
"""Seconds for which another process may write to an SQLite file, as in MLflow."""


def are_known(engine: Engine) -> bool:
    """True if a database has the tables and columns that are read and written here.

    It may have more columns, as long as those of tables that are written need no value.
    """
    inspector = inspect(engine)
    for table_used in (*WRITTEN, *READ):
        try:
            columns = inspector.get_columns(table_used.name)
        except NoSuchTableError:
            return False
        used = set(table_used.columns.keys())
        stored = {entry["name"] for entry in columns}
        required = {entry["name"] for entry in columns
                    if not entry["nullable"] and entry["default"] is None}  # fmt: skip
        if used - stored or (table_used in WRITTEN and required - used):
            return False
    return True


def known_engine(uri: str) -> Engine | None:
    """The way into the database of that address, if it is one whose tables we know."""
    kind = uri.partition(":")[0].partition("+")[0]
    if kind not in INSERT:
        return None
    waits = {"timeout": LOCKED_SECONDS} if kind == "sqlite" else {}
    engine = create_engine(patient(uri), pool_pre_ping=True, connect_args=waits)
    if are_known(engine):
        return engine
    engine.dispose()
    return None
