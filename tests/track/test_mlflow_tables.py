"""Tables that are read and written directly only if they are what we know."""

import sqlite3
from contextlib import closing

from sqlalchemy import Engine

from nnbench.track.client_writer import RequestWriter
from nnbench.track.mlflow_tables import known_engine
from nnbench.track.store import open_store

OTHER = {
    "ALTER TABLE tags ADD COLUMN kind TEXT": False,
    "ALTER TABLE params ADD COLUMN kind TEXT NOT NULL DEFAULT ''": False,
    # Of a table that is only read.
    "ALTER TABLE experiments ADD COLUMN room TEXT NOT NULL DEFAULT ''": False,
    "ALTER TABLE metrics RENAME is_nan TO is_none": True,
}
"""Change of a database → True if it has to be left to MLflow's client from then on."""


def test_tables_of_another_make_are_left_to_client(store):
    uri = store.uri
    assert isinstance(known_engine(uri), Engine)
    assert known_engine("http://127.0.0.1:5000") is None
    assert known_engine("mysql://somewhere/base") is None
    for change in OTHER:
        with closing(sqlite3.connect(store.file)) as database:
            database.execute(change)
            database.commit()
        assert (known_engine(uri) is None) == OTHER[change], change
    assert isinstance(open_store(uri).writer, RequestWriter)


def test_missing_tables_and_columns_are_left_to_client(store):
    for change in ("ALTER TABLE experiments RENAME workspace TO room", "DROP TABLE input_tags"):
        with closing(sqlite3.connect(store.file)) as database:
            assert known_engine(store.uri) is not None
            database.execute("BEGIN")
            database.execute(change)
            database.commit()
            assert known_engine(store.uri) is None, change
            if "RENAME" in change:
                database.execute("ALTER TABLE experiments RENAME room TO workspace")
                database.commit()
