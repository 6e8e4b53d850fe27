import os
import subprocess
import sys

import pytest

from nnbench.track.process import close_dead_runs, lives, process_tags
from nnbench.track.tracker import track_sweep

KILLED_SWEEP = """
import os, signal
from nnbench.track.store import open_store
from nnbench.track.tracker import track_sweep

with track_sweep(open_store(None), "trial", {}, "") as tracker:
    print(tracker.sweep_id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_sweep_closes_what_a_killed_one_left_running(store):
    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED_SWEEP],
        stdout=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert killed.returncode == -9
    sweep_id = killed.stdout.strip()
    assert store.client.get_run(sweep_id).info.status == "RUNNING"
    with track_sweep(store, "trial", {}, ""):
        run = store.client.get_run(sweep_id)
        assert run.info.status == "KILLED"
        assert run.info.end_time


def test_runs_of_the_living_and_of_other_machines_are_left_alone(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        elsewhere = {**process_tags(), "nnbench.host": "another", "nnbench.pid": "999999999"}
        for tags in (elsewhere, {}):
            store.client.create_run(tracker.experiment_id, tags=tags)
        assert close_dead_runs(store, "trial") == 0
        running = store.client.search_runs([tracker.experiment_id], "status = 'RUNNING'")
        assert len(running) == 3


def test_without_the_experiment_there_is_nothing_to_close(store):
    assert close_dead_runs(store, "none") == 0


@pytest.mark.parametrize(
    "other",
    [
        {"nnbench.boot": "before"},
        {"nnbench.started": "12.00"},
        {"nnbench.pid": "999999999"},
        {"nnbench.pid": "no number"},
    ],
)
def test_a_process_is_told_by_its_number_its_start_and_that_of_the_machine(other):
    assert lives(process_tags())
    assert process_tags()["nnbench.pid"] == str(os.getpid())
    assert not lives({**process_tags(), **other})
