import os
import subprocess
import sys

import psutil
import pytest

from nnbench.track.process import close_dead_runs, lives, process_tags, tags_of
from nnbench.track.tracker import track_sweep


def test_next_sweep_closes_what_killed_one_left_running(store):
    process = psutil.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    tags = tags_of(process.pid)
    assert lives(tags)
    process.kill()
    with process.stdin, track_sweep(store, "trial", {}, "") as tracker:
        assert process_tags().items() <= store.client.get_run(tracker.sweep_id).data.tags.items()
        left = store.client.create_run(tracker.experiment_id, tags=tags).info.run_id
        # Until its parent asks for its exit code, a process that was killed has its number still.
        assert process.wait(60) == -9
    with track_sweep(store, "trial", {}, ""):
        run = store.client.get_run(left)
        assert run.info.status == "KILLED"
        assert run.info.end_time


def test_runs_of_living_and_foreign_processes_stay(store):
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
def test_process_is_identified_by_number_start_and_machine(other):
    assert lives(process_tags())
    assert process_tags()["nnbench.pid"] == str(os.getpid())
    assert not lives({**process_tags(), **other})
