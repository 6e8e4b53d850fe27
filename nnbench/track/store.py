"""The MLflow store in use: found, probed before any work is done, and made if it is new."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nnbench.run.errors import ConfigError
from nnbench.safety.error_text import first_line
from nnbench.track.address import (
    ARTIFACTS,
    KEY,
    is_database,
    is_server,
    patient,
    sqlite_file,
    store_uri,
)
from nnbench.track.import_mlflow import imported
from nnbench.track.probes import probe_database, probe_server
from nnbench.track.silence import limit_silence
from nnbench.track.sqlite_store import is_incomplete, look, make
from nnbench.track.store_lock import lock

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from sqlalchemy import Engine

    from nnbench.track.writer import Writer


@dataclass(frozen=True)
class Store:
    """A store that is ready to be read and written."""

    uri: str
    file: Path | None
    """The SQLite file, if it is one."""

    def lock(self) -> AbstractContextManager[object]:
        """Held while something is made that must not be made twice."""
        return lock(self.uri)

    @cached_property
    def client(self) -> "MlflowClient":
        """MLflow's client, made on first use, since importing it takes seconds.

        Raises ConfigError if MLflow refuses the store.
        """
        return connect(self.uri)

    @cached_property
    def engine(self) -> "Engine | None":
        """The way straight into its tables, where they are known."""
        from nnbench.track.mlflow_tables import known_engine

        return known_engine(self.uri)

    @cached_property
    def writer(self) -> "Writer":
        """The writer of runs into it."""
        from nnbench.track.client_writer import RequestWriter
        from nnbench.track.table_writer import RowWriter

        return RowWriter(self.engine) if self.engine else RequestWriter(self.client)

    def newest_experiment(self) -> str:
        """Id of the experiment whose runs are the newest, or nothing in an empty store."""
        ids = [experiment.experiment_id for experiment in self.client.search_experiments()]
        newest = self.client.search_runs(
            ids, max_results=1, order_by=["attributes.start_time DESC"]
        )
        return str(newest[0].info.experiment_id) if newest else ""


def is_whole(file: Path | None) -> bool:
    """True if a store is an SQLite file that has all its tables."""
    with suppress(sqlite3.Error):
        return file is not None and not is_incomplete(file)
    return False


def store_exists(uri: str | None) -> bool:
    """True if the file of `tracking.uri` exists; always True for a server."""
    file = sqlite_file(store_uri(uri))
    return file is None or os.path.exists(file)


def open_store(uri: str | None, *, create: bool = False) -> Store:
    """The store of `tracking.uri`; unless `create`, it must exist.

    Raises ConfigError, within seconds and with nothing written, if it is unusable.
    """
    uri = store_uri(uri)
    probe(uri, create=create)
    file = sqlite_file(uri)
    store = Store(uri, file)
    # One that is whole is not made by anybody, so that reading it waits for nobody.
    if not create and is_whole(file):
        return store
    # First, since it takes longer than all that others have to wait for.
    imported()
    with opening(uri), refusals(uri):
        if file is not None and (not file.exists() or is_incomplete(file)):
            make(file)
        store.client  # noqa: B018
    return store


@contextmanager
def refusals(uri: str) -> Iterator[None]:
    """Raise ConfigError for any error of MLflow's in opening a store."""
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:  # Drivers of all kinds, each with errors of its own.
        raise ConfigError(KEY, uri, f"MLflow could not open it: {first_line(error)}") from None


def probe(uri: str | None, *, create: bool) -> None:
    """Raise ConfigError, within seconds and with nothing written, if there can be no store."""
    uri = store_uri(uri)
    check_address(uri)
    file = sqlite_file(uri)
    if file is not None:
        probe_file(uri, file, create=create)
    elif is_server(uri):
        probe_server(KEY, uri)
    elif is_database(uri):
        probe_database(KEY, uri)


def check_address(uri: str) -> None:
    """Raise ConfigError for an invalid address."""
    supported = sqlite_file(uri) is not None or is_server(uri) or is_database(uri)
    if not supported or "://" not in uri:
        allowed = "must be sqlite:///FILE, http(s)://SERVER, or postgresql, mysql or mssql://…"
        raise ConfigError(KEY, uri, allowed)


@contextmanager
def opening(uri: str) -> Iterator[None]:
    """Hold the lock of a store. Raises ConfigError if it is unavailable."""
    with ExitStack() as held:
        try:
            held.enter_context(lock(uri))
        except OSError as error:
            raise ConfigError(KEY, uri, str(error)) from error
        yield


def probe_file(uri: str, file: Path, *, create: bool) -> None:
    """Raise ConfigError unless the file is an MLflow database or may become one."""
    # Of names too long for any file, pathlib raises OSError.
    if not os.path.isdir(file.parent):
        raise ConfigError(KEY, uri, f"there is no directory {file.parent}")
    artifacts = file.parent / ARTIFACTS
    if artifacts.is_symlink() or (artifacts.exists() and not artifacts.is_dir()):
        # A link in a directory from elsewhere would have us write wherever it leads.
        allowed = f"{artifacts} must be a directory, for the files of runs, not a link"
        raise ConfigError(KEY, uri, allowed)
    if not create and not (os.path.exists(file) and file.stat().st_size):
        allowed = f"no such store: no runs were tracked in {file} yet"
        raise ConfigError(KEY, uri, allowed)
    try:
        # MLflow itself would hang for minutes on a directory that is not writable.
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        reason = error.strerror
        raise ConfigError(KEY, uri, f"{file.parent} is not writable: {reason}") from error
    if not os.path.exists(file):
        return
    look(KEY, uri, file)


def connect(uri: str) -> "MlflowClient":
    """A client of a store that was probed; the first one of a new database makes its tables."""
    imported()
    from mlflow import MlflowClient

    if is_database(uri):
        limit_silence()
    with refusals(uri):
        return MlflowClient(patient(uri))


@contextmanager
def readable(store: Store) -> Iterator[None]:
    """Raise ConfigError for any error in reading a store."""
    # Imported here, since probing an address must not wait for SQLAlchemy.
    from nnbench.track.failures import failures, in_a_line

    try:
        yield
    except ConfigError:
        raise
    except failures() as error:
        reason = f"reading failed: {in_a_line(error)}"
        raise ConfigError(KEY, store.uri, reason) from None
