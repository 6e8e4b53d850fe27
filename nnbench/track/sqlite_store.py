"""SQLite stores: checked, and created aside before they are moved into place.

MLflow makes its tables one by one, and what a killed process leaves of them is never opened again.
"""

import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path

from nnbench.run.errors import ConfigError
from nnbench.track.address import ARTIFACTS
from nnbench.track.import_mlflow import imported

BESIDE = ("-wal", "-shm", "-journal")
"""Ends of the names of files that belong to an SQLite file."""

KEPT = {
    "alembic_version": "0",
    "experiments": "experiment_id != 0",
    "workspaces": "name != 'default'",
}
"""Tables that have rows in an empty store → which rows are others."""
HALF = "_alembic_tmp_"
"""Begins the name of a table that is being changed."""


def look(key: str, uri: str, file: Path) -> None:
    """Raise ConfigError if a file that is there is no MLflow database, nor the beginning of one."""
    try:
        with closing(connect_file(file)) as database:
            names = tables(database)
    except sqlite3.DatabaseError as error:
        raise ConfigError(key, uri, f"not an SQLite database: {error}") from error
    if names and not {"alembic_version", "experiments"} <= names and not names <= known_tables():
        raise ConfigError(key, uri, "is an SQLite database, but not one of MLflow's")


def connect_file(file: Path) -> sqlite3.Connection:
    """A connection to an existing SQLite file, for checks.

    It isn't read-only: the first reader has to undo what a killed process left half-written.
    """
    return sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)


def tables(database: sqlite3.Connection) -> set[str]:
    """The names of the tables there are."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {name for (name,) in database.execute(query)}


def known_tables() -> set[str]:
    """The names of MLflow's tables."""
    imported()
    from mlflow.store.db.base_sql_model import Base

    # Which imports the models of all of them.
    from mlflow.store.tracking import sqlalchemy_store  # noqa: F401

    return {*Base.metadata.tables, "alembic_version"}


def is_incomplete(file: Path) -> bool:
    """True for a file whose creation was interrupted: nothing was ever stored in it."""
    with closing(connect_file(file)) as database:
        names = tables(database)
        if not names:
            return True
        # The runs come early.
        if any(holds(database, name) for name in sorted(names, key=len)):
            return False
        revision = None
        if "alembic_version" in names:
            revision = database.execute("SELECT * FROM alembic_version").fetchone()
    return revision is None or revision[0] in unfinished_revisions()


def holds(database: sqlite3.Connection, table: str) -> bool:
    """True if a table has rows."""
    other = KEPT.get(table.removeprefix(HALF), "1")
    rows = database.execute(f'SELECT 1 FROM "{table}" WHERE {other} LIMIT 1')  # noqa: S608
    return rows.fetchone() is not None


@cache
def unfinished_revisions() -> frozenset[str]:
    """The stages through which the installed MLflow makes its tables, but for the last."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(files("mlflow") / "store" / "db_migrations"))
    revisions = frozenset(script.revision for script in scripts.walk_revisions())
    return revisions - set(scripts.get_heads())


def make(file: Path) -> None:
    """Make an MLflow database, in place of an incomplete one; the store's lock must be held."""
    imported()
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    aside = file.with_name(f".{file.name}.new")
    try:
        # What a killed process has left.
        remove(aside)
        artifacts = (file.parent / ARTIFACTS).as_uri()
        SqlAlchemyStore(f"sqlite:///{aside}", artifacts).engine.dispose()  # type: ignore[no-untyped-call]
        with closing(sqlite3.connect(aside)) as database:
            # Writes wait for the disk once instead of three times, and others can read meanwhile.
            # The file itself remembers it.
            database.execute("PRAGMA journal_mode=WAL")
        # What belonged to another file of that name would be taken for this one's.
        remove(file, but_itself=True)
        aside.replace(file)
    finally:
        remove(aside)


def remove(file: Path, *, but_itself: bool = False) -> None:
    """Remove an SQLite file with all that belongs to it, or all but the file."""
    for end in BESIDE if but_itself else ("", *BESIDE):
        file.with_name(f"{file.name}{end}").unlink(missing_ok=True)
