"""Files of runs that are in no store, since the process was killed before writing their rows."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from sqlalchemy import Engine, select

from nnbench.system import leftovers
from nnbench.track.files import files_of, local_path, root_of
from nnbench.track.mlflow_tables import RUNS
from nnbench.track.store import Store
from nnbench.track.writer import OpenRun

MARK = ".logging-"
"""Beginning of the name, before a run's id, of the file that announces a run being logged."""


@contextmanager
def announced(store: Store, run: OpenRun) -> Iterator[None]:
    """Say that the files of a new run are written, until its rows are there, too."""
    files = files_of(store, run.artifact_uri)
    if store.engine is None or files.root is None:
        yield
        return
    files.root.mkdir(parents=True, exist_ok=True)
    mark = files.root / f"{MARK}{run.run_id}"
    with mark.open("xb") as stream:
        with suppress(OSError):
            leftovers.lock(stream.fileno())
        os.write(stream.fileno(), identity(store))
        # It stays where that fails: the rows may or may not have been written.
        yield
        mark.unlink()


def remove_orphans(store: Store) -> None:
    """Remove the files of runs that were announced by processes that have gone, and never written.

    Raises one of `failures()` if the store fails.
    """
    named = local_path(root_of(store))
    if store.engine is None or named is None or not os.path.isdir(named):
        return
    root = named.resolve()
    for mark in list(root.glob(f"{MARK}*")):
        run_id = mark.name.removeprefix(MARK)
        if re.fullmatch("[0-9a-f]{16}|[0-9a-f]{32}", run_id) and not mark.is_symlink():
            with suppress(FileNotFoundError):
                remove_orphan(store.engine, identity(store), mark, root / run_id)


def remove_orphan(engine: Engine, owner: bytes, mark: Path, directory: Path) -> None:
    """Remove what a mark is about, if that is to be removed, and the mark."""
    with mark.open("r+b") as stream:
        content = stream.read()
        # Other stores may have their files below the same root.
        if content not in (b"", owner):
            return
        try:
            if not leftovers.lock(stream.fileno()):
                return
        except OSError:
            return
        # Without content its process was killed before it wrote anything.
        if content and not is_tracked(engine, directory.name) and not directory.is_symlink():
            rmtree(directory, ignore_errors=True)
        mark.unlink()


def is_tracked(engine: Engine, run_id: str) -> bool:
    """True if a store has a run, even a deleted one."""
    with engine.connect() as connection:
        return bool(connection.scalar(select(RUNS.c.run_uuid).where(RUNS.c.run_uuid == run_id)))


def identity(store: Store) -> bytes:
    """A digest that tells a store from all others."""
    return hashlib.sha256(store.uri.encode()).hexdigest().encode()
