import subprocess
import sys

import pytest

from nnbench.track.inputs import as_source
from nnbench.track.outbox import outbox_of
from nnbench.track.read_runs import read_runs
from nnbench.track.run_entry import Entry
from nnbench.track.store import open_store
from tests.track.made import DATA, made_result


def run_sync(*words):
    command = [sys.executable, "-m", "nnbench", "sync", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.slow
def test_sync_counts_logged_and_remaining_runs(here):
    uri = f"sqlite:///{here}/mlflow.db"
    outbox_of(uri).put(Entry(made_result(), "key", as_source(DATA), "trial", "sweep"))
    assert run_sync() == (0, "1 run logged, 0 left\n")
    assert len(read_runs(open_store(None), "trial")) == 1
    (here / "outbox").mkdir()
    (here / "outbox" / "0-broken.npz").write_text("nothing")
    code, output = run_sync()
    assert code == 3
    assert output.startswith(f"0 runs logged, 1 left\nStill saved in {here}/outbox: ")


def test_without_a_store_sync_makes_none(call):
    assert call("sync") == (0, "0 runs logged, 0 left\n", "")
