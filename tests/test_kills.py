"""Sweeps that are killed at random moments lose nothing, double nothing and leave nothing."""

import os
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest

from nnbench import load_runs
from nnbench.track.store import open_store
from nnbench.track.store_lock import lock
from tests.kills import kill_all

WORDS = ["-m", "depth=0,1,2,3", "dataset=iris", "epochs=1500", "width=16", "seeds=10", "jobs=2",
         "report=false", "checkpoint_every=1"]  # fmt: skip


def start(cwd, *more):
    """The command line, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "nnbench", *WORDS, *more],
        cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "kills"), {"store": 3, "report": 5, "anywhere": 6}.items())
def test_kills_change_nothing_and_leave_nothing(kind, kills):
    kill_all({kind: kills}, int.from_bytes(os.urandom(4)))


@pytest.mark.slow
def test_workers_end_with_parent_that_is_killed_alone(here, monkeypatch):
    # Sweeps of tests beside this one have directories of their own in the machine's.
    temporary = here / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    sweep = start(here, "epochs=100000")
    parent = psutil.Process(sweep.pid)
    workers = []
    while len(workers) < 2:
        time.sleep(0.2)
        # Those that compute, not the ones that loky keeps to clean up; others end meanwhile.
        with suppress(psutil.NoSuchProcess):
            workers = [child for child in parent.children() if child.cpu_times().user > 2]
    assert any(path.is_dir() for path in temporary.glob("nnbench-*"))
    sweep.kill()
    sweep.communicate(timeout=60)
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert (len(gone), alive) == (len(workers), [])
    assert not any(path.is_dir() for path in temporary.glob("nnbench-*"))


def others(err):
    """Lines on the error stream but those of a wait for the store's lock."""
    waits = "nnbench: waiting for another process, which holds "
    return [line for line in err.splitlines() if not line.startswith(waits)]


def runs_in(store):
    with store.engine.connect() as connection:
        return connection.exec_driver_sql("select count(*) from runs").scalar()


@pytest.mark.slow
@pytest.mark.parametrize("comes_back", [True, False])
def test_unlogged_runs_have_their_own_exit_code(here, comes_back):
    words = ["dataset=iris", "seeds=6", "width=4", "jobs=1", "depth=0", "epochs=10000"]
    command = [sys.executable, "-m", "nnbench", "-m", *words]
    store = open_store(None)
    sweep = subprocess.Popen(
        command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    # Workers train before the store is open, so the parent run tells that it is.
    while not runs_in(store):
        time.sleep(0.05)
        assert sweep.poll() is None
    with lock(store.uri):
        while comes_back and not list(here.glob("outbox/*.npz")):
            time.sleep(0.05)
            assert sweep.poll() is None
        out, err = ("", "") if comes_back else sweep.communicate(timeout=300)
    if comes_back:
        out, err = sweep.communicate(timeout=300)
        assert (sweep.returncode, others(err)) == (0, [])
        assert "could not be logged" not in out
        assert (here / "reports" / "nnbench" / "index.html").exists()
        assert not (here / "outbox").exists()
        assert len(load_runs("nnbench")) == 6
    else:
        assert sweep.returncode == 3
        assert others(err) == ["nnbench: 6 runs could not be logged; saved in the outbox"]
        assert f"Saved in {here}/outbox" in " ".join(out.split())
        assert len(list(here.glob("outbox/*.npz"))) == 6
        assert not (here / "reports").exists()
