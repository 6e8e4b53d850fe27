"""Addresses in an SQLite file that was moved or copied, made those of the files beside it."""

from sqlalchemy import Connection, TableClause, bindparam, select, update

from nnbench.track.files import OutsideError, files_of, local_path, root_of
from nnbench.track.mlflow_tables import EXPERIMENTS, MODELS, RUNS
from nnbench.track.store import Store

ADDRESSES = (
    (EXPERIMENTS, "experiment_id", "artifact_location"),
    (RUNS, "run_uuid", "artifact_uri"),
    (MODELS, "model_id", "artifact_location"),
)
"""Table, its key, and where it says that files are."""


def relocate(store: Store, experiment_id: str | None = None) -> None:
    """Have an SQLite file name the places where the files are now, for MLflow itself.

    An experiment that is named keeps its new files below the root in any case.
    """
    if store.file is None or store.engine is None:
        return
    with store.engine.begin() as connection:
        # Runs are as their experiment was when they were made, and there are many of them.
        if rename(store, connection, *ADDRESSES[0]):
            for table, key, column in ADDRESSES[1:]:
                rename(store, connection, table, key, column)
        if experiment_id is not None:
            this = EXPERIMENTS.c.experiment_id == int(experiment_id)
            location = connection.scalar(select(EXPERIMENTS.c.artifact_location).where(this)) or ""
            if place(store, location) is None and local_path(location) is not None:
                moved = update(EXPERIMENTS).where(this).values(artifact_location=root_of(store))
                connection.execute(moved)


def rename(store: Store, connection: Connection, table: TableClause, key: str, column: str) -> int:
    """Write the present places of a table's files into it; returns how many have changed."""
    rows = connection.execute(select(table.c[key], table.c[column])).all()
    places = {identity: (address, place(store, address)) for identity, address in rows}
    changed = [
        {"identity": identity, "place": now}
        for identity, (address, now) in places.items()
        if now is not None and now != address
    ]
    if changed:
        statement = update(table).where(table.c[key] == bindparam("identity"))
        connection.execute(statement.values({column: bindparam("place")}), changed)
    return len(changed)


def place(store: Store, address: str) -> str | None:
    """The address of the files that an address means, None for those outside the root."""
    try:
        # An experiment may be at the root itself, of which no run's files are.
        return files_of(store, f"{address.rstrip('/')}/files").uri.removesuffix("/files")
    except OutsideError:
        return None
