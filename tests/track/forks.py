"""Processes that begin at once, with everything imported."""

import os
import subprocess
import sys
import traceback
from pathlib import Path

import mlflow  # noqa: F401  # Importing it takes longer than anything that is tried here.

from nnbench.track import store_lock

ROOT = Path(__file__).parents[2]


def forked(work, *arguments):
    """The number of a process that does some work."""
    process = os.fork()
    if process:
        return process
    code = 1
    # On a busy machine making a store takes longer than users should wait for one that hangs.
    store_lock.LOCK_SECONDS = 120
    try:
        work(*arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def wait_for(process):
    """The exit code of a process; if a signal ended it, the negative number of that."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def run_module(name, *arguments, directory):
    """Run one of the modules here alone, before any other thread starts; returns its exit code."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"tests.track.{name}", *map(str, arguments)],
        cwd=directory, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
    )  # fmt: skip
