"""Kills processes in the middle of sync: python -m tests.track.cut_syncs URI rows|requests SEED.

First just before and just after everything that a sync writes, then at moments drawn by chance.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from mlflow import MlflowClient
from sqlalchemy.engine import RootTransaction

from nnbench.track import log_run, mlflow_tables, table_writer
from nnbench.track.store import open_store
from nnbench.track.sync import sync
from tests.track.forks import forked, wait_for

ROUNDS = 10
PLACES = {
    "requests": [
        (MlflowClient, "create_run"),
        (log_run, "write_curves"),
        (MlflowClient, "log_inputs"),
        (MlflowClient, "log_batch"),
        (MlflowClient, "set_terminated"),
        (Path, "unlink"),
    ],
    "rows": [
        (log_run, "write_curves"),
        (table_writer.RowWriter, "insert"),
        (table_writer.RowWriter, "add_input"),
        (RootTransaction, "commit"),
        (Path, "unlink"),
    ],
}


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def cut(uri, owner, name, after):
    """Sync until a function has been called, or is about to be."""
    call = getattr(owner, name)

    def call_and_die(*arguments, **options):
        call(*arguments, **options)
        die()

    setattr(owner, name, call_and_die if after else die)
    sync(uri)


def sync_opened(uri, open_end):
    """Sync, and say before that the store is open, which takes longest."""
    store = open_store(uri)
    os.write(open_end, b".")
    sync(store)


def main(uri, way, seed):
    if way == "requests":
        mlflow_tables.are_known = lambda engine: False
    for owner, name in PLACES[way]:
        for after in (False, True):
            code = wait_for(forked(cut, uri, owner, name, after))
            assert code == -signal.SIGKILL, (name, after, code)
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        opened, open_end = os.pipe()
        process = forked(sync_opened, uri, open_end)
        os.close(open_end)
        assert os.read(opened, 1), "the store could not be opened"
        os.close(opened)
        time.sleep(chance.uniform(0, 0.5))
        os.kill(process, signal.SIGKILL)
        wait_for(process)
    assert wait_for(forked(sync, uri)) == 0


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
