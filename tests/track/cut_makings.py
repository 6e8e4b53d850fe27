"""Kills processes that make a store: python -m tests.track.cut_makings FILE KILLS WAY.

Way `aside` is today's; `in place` is MLflow's own, as earlier versions did it.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from nnbench.track.store import open_store
from tests.track.forks import forked, wait_for

MAKERS = {
    "aside": lambda file: open_store(f"sqlite:///{file}", create=True),
    "in place": lambda file: SqlAlchemyStore(f"sqlite:///{file}", str(file.parent)),
}


def opened(file):
    """True if a store opens; it is then reset."""
    store = open_store(f"sqlite:///{file}", create=True)
    store.client.create_experiment("trial")
    assert [e.name for e in store.client.search_experiments()] == ["trial", "Default"]


def has_ended(process):
    """True if a child has ended; its code can still be asked for."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def main(file, kills, way):
    """Print how many were killed with the store half-made, and what was left beside it."""
    chance = random.Random(int.from_bytes(os.urandom(4)))
    # How long it takes today, on this machine.
    started = time.monotonic()
    assert wait_for(forked(MAKERS[way], file)) == 0
    needed = time.monotonic() - started
    half, killed, left = 0, 0, set()
    while killed < kills:
        for leftover in file.parent.glob(f"*{file.name}*"):
            leftover.unlink()
        process, started = forked(MAKERS[way], file), time.monotonic()
        moment = started + chance.uniform(0, needed)
        while not (ended := has_ended(process)) and time.monotonic() < moment:
            time.sleep(0.005)
        if ended:
            # The first may have waited for a busy machine.
            needed = min(needed, time.monotonic() - started)
        os.kill(process, signal.SIGKILL)
        code = wait_for(process)
        killed += code == -signal.SIGKILL
        names = {leftover.name for leftover in file.parent.iterdir()}
        aside = file.name if way == "in place" else f".{file.name}.new"
        half += code != 0 and aside in names
        assert wait_for(forked(opened, file)) == 0, f"kill {killed}: {sorted(names)}"
        left |= {leftover.name for leftover in file.parent.iterdir()}
    left -= {f"{file.name}{end}" for end in ("", "-wal", "-shm")} | {f".{file.name}.lock"}
    print(f"{killed} kills ({way}), {half} with the store half-made; left beside: {sorted(left)}")
    assert not left


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), int(sys.argv[2]), sys.argv[3])
