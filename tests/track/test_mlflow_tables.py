"""Tables that are read and written directly only if they are what we know."""

from sqlalchemy import Engine

from nnbench.track import mlflow_tables
from nnbench.track.client_writer import RequestWriter
from nnbench.track.mlflow_tables import known_engine
from nnbench.track.store import open_store


def test_tables_of_another_make_are_left_to_client(store, monkeypatch):
    uri = store.uri
    assert isinstance(known_engine(uri), Engine)
    assert known_engine("http://127.0.0.1:5000") is None
    assert known_engine("mysql://somewhere/base") is None
    monkeypatch.setitem(mlflow_tables.WRITTEN, mlflow_tables.TAGS, "run_uuid key value kind")
    assert known_engine(uri) is None
    # A column that must have a value, and is given none.
    monkeypatch.setitem(mlflow_tables.WRITTEN, mlflow_tables.TAGS, "run_uuid key")
    assert mlflow_tables.are_known()
    monkeypatch.setitem(mlflow_tables.WRITTEN, mlflow_tables.PARAMS, "run_uuid key")
    assert not mlflow_tables.are_known()
    assert isinstance(open_store(uri).writer, RequestWriter)
