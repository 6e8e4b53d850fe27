"""Cost of logging a run, in time and on the disk: python -m tests.track.cost [RUNS]."""

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

import nnbench
from nnbench.assembly import build
from nnbench.sweep.plan import run_key
from nnbench.track.store import open_store
from nnbench.track.tracker import track_sweep

SEEDS = 10
"""Runs of a setting, as a sweep has by default."""


def main(runs):
    """Log runs of 20 epochs into a fresh SQLite store; print milliseconds and bytes a run."""
    config = nnbench.compose(["depth=3", "epochs=20"])
    data = build.dataset(config.dataset)
    result = nnbench.train(config)
    configs = [
        replace(result.config, lr=number // SEEDS + 1.0, seed=number % SEEDS)
        for number in range(runs)
    ]
    results = [replace(result, config=config) for config in configs]
    keys = [run_key(config, data.fingerprint) for config in configs]
    with tempfile.TemporaryDirectory() as directory:
        store = open_store(f"sqlite:///{Path(directory, 'mlflow.db')}", create=True)
        times, clock = [], []
        empty = Path(directory, "mlflow.db").stat().st_size
        with track_sweep(store, "cost", {}, "", configs=configs) as tracker:
            for result, key in zip(results, keys, strict=True):
                started, worked = time.perf_counter(), time.process_time()
                tracker.log(result, key, data)
                times.append(1000 * (time.perf_counter() - started))
                clock.append(1000 * (time.process_time() - worked))
        with closing(sqlite3.connect(store.file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database = sum(file.stat().st_size for file in Path(directory).glob("mlflow.db*"))
        artifacts = sum(512 * file.lstat().st_blocks for file in Path(directory).rglob("*"))
    quarters = np.percentile(times, [25, 50, 75])
    print(f"{len(result.history.curves)} curves of {len(result.history.epochs)} points; ms a run:")
    print(f"KB a run: {(database - empty) / runs / 1000:.1f} in the database, "
          f"{(artifacts - database) / runs / 1000:.1f} in files")  # fmt: skip
    print("quartiles {:.1f} {:.1f} {:.1f}".format(*quarters), f"CPU {np.median(clock):.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
