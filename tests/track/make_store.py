"""Processes that make a store at the same moment: python -m tests.track.make_store PROCESSES."""

import sys

from nnbench.track.store import open_store
from nnbench.track.tracker import track_sweep
from tests.track.forks import forked, wait_for


def make():
    """Log a sweep without runs into the store of this directory, which isn't there yet."""
    with track_sweep(open_store(None, create=True), "shared", {}, ""):
        pass


if __name__ == "__main__":
    processes = [forked(make) for _ in range(int(sys.argv[1]))]
    codes = [wait_for(process) for process in processes]
    sys.exit(any(codes))
