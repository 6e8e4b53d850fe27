"""Processes that log the same runs at the same moment.

python -m tests.track.log_runs URI EXPERIMENT RUNS PROCESSES; the exit code is how many failed.
"""

import sys

from nnbench.track.store import open_store
from nnbench.track.tracker import track_sweep
from tests.track.forks import forked, wait_for
from tests.track.made import DATA, made_result


def log_runs(uri, experiment, runs):
    store = open_store(uri, create=True)
    with track_sweep(store, experiment, {}, "") as tracker:
        for number in range(runs):
            tracker.log(made_result(number), f"key {number}", DATA)
    assert tracker.unlogged == 0, tracker.trouble


if __name__ == "__main__":
    uri, experiment, runs, processes = sys.argv[1:]
    started = [forked(log_runs, uri, experiment, int(runs)) for _ in range(int(processes))]
    sys.exit(sum(wait_for(process) != 0 for process in started))
