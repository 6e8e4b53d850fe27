"""The process that logs a run, so that runs of killed processes do not stay "running"."""

import os
import platform
import socket
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import psutil
import scipy

from nnbench._version import __version__
from nnbench.engine import VERSION
from nnbench.track.run_records import search_all
from nnbench.track.store import Store

BOOT = Path("/proc/sys/kernel/random/boot_id")
"""Another text after each start of the machine, on Linux."""

SECONDS = 2.0
"""Seconds by which a process's start may seem to move when the clock is set."""


def process_tags() -> dict[str, str]:
    """Tags that tell this process from all others, on any machine, ever."""
    return tags_of(os.getpid())


@cache
def tags_of(pid: int) -> dict[str, str]:
    """Tags that tell a process from all others."""
    return {
        "nnbench.host": socket.gethostname(),
        "nnbench.boot": boot(),
        "nnbench.pid": str(pid),
        "nnbench.started": f"{psutil.Process(pid).create_time():.2f}",
    }


def versions() -> dict[str, str]:
    """The version of everything that decides results."""
    return {
        "nnbench": __version__,
        "engine": str(VERSION),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def boot() -> str:
    """A text that tells this start of the machine from others."""
    return BOOT.read_text().strip() if BOOT.exists() else f"{psutil.boot_time():.0f}"


def lives(tags: Mapping[str, str]) -> bool:
    """True if the process of a run still runs on this machine."""
    try:
        if tags["nnbench.boot"] != boot():
            return False
        process = psutil.Process(int(tags["nnbench.pid"]))
        return abs(process.create_time() - float(tags["nnbench.started"])) < SECONDS
    except (psutil.NoSuchProcess, KeyError, ValueError):
        return False


def close_dead_runs(store: Store, experiment: str) -> int:
    """Mark runs as killed whose process on this machine has gone; returns how many.

    Runs of other machines are left alone: their state is unknown here.
    """
    stored = store.client.get_experiment_by_name(experiment)
    if stored is None:
        return 0
    host = socket.gethostname().replace("'", "")
    condition = f"attributes.status = 'RUNNING' and tags.`nnbench.host` = '{host}'"
    running = search_all(store, stored.experiment_id, condition)
    dead = [run.info.run_id for run in running if not lives(run.data.tags)]
    for run_id in dead:
        store.client.set_terminated(run_id, "KILLED")
    return len(dead)
