"""A real Dask scheduler with workers, each a program of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.run.errors import ConfigError
from nnbench.sweep import cluster
from nnbench.sweep import execute as execute_room
from nnbench.sweep.cluster import DaskPool
from nnbench.sweep.execute import Work, begin, execute
from nnbench.training.progress import Progress

# Dask leaves event loops and sockets to the garbage collector.
pytestmark = [
    # Found, but not imported: only one worker of pytest's runs this file.
    pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).parents[2]


def program(module, *words):
    """A program of Dask's, and what it says of its address."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    started = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, *words],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    for line in started.stderr:
        if address := re.search(r"(Scheduler|Registered to|Start worker) at:\s+(tcp://\S+)", line):
            return started, address[2]
    raise AssertionError(f"{module} ended")


@contextmanager
def scheduling():
    """A scheduler's process and address."""
    process, address = program(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"
    )
    yield process, address
    process.kill()
    process.communicate()


@contextmanager
def working(address):
    """Address of a scheduler, and the processes of two workers that it has."""
    words = [address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    workers = [program("distributed.cli.dask_worker", *words)[0] for _ in range(2)]
    yield address, workers
    for process in workers:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def cluster_that_stays():
    """Address of a scheduler with two workers, for tests that leave them as they are."""
    with scheduling() as (_, address), working(address):
        yield address


@pytest.fixture
def scheduler():
    """A scheduler's process and address, the test's own."""
    with scheduling() as running:
        yield running


@pytest.fixture
def dask(scheduler):
    """Address of the scheduler, and the processes of its two workers."""
    with working(scheduler[1]) as running:
        yield running


def small(seeds, epochs=3):
    words = ["dataset=iris", f"epochs={epochs}", "width=4", "loss=mse", f"seeds={seeds}"]
    return nnbench.compose_all(words)


def test_a_cluster_gives_what_one_process_gives(cluster_that_stays):
    configs = small(6)
    data = build.dataset(configs[0].dataset)
    work = [Work(configs[i : i + 2], data) for i in (0, 2, 4)]
    pool = DaskPool(cluster_that_stays, 1)
    assert pool.workers == 2
    results = {r.config.seed: r for finished in execute(begin(work, pool)) for r in finished}
    for config in configs:
        alone, there = nnbench.train(config), results[config.seed]
        assert there.final == alone.final
        for name, curve in alone.history.curves.items():
            np.testing.assert_array_equal(there.history.curves[name], curve)


@pytest.mark.slow
def test_a_worker_that_dies_costs_nothing_but_time(dask):
    address, workers = dask
    configs = small(8, epochs=400)
    data = build.dataset(configs[0].dataset)
    results = []
    for finished in execute(
        begin([Work([config], data) for config in configs], DaskPool(address, 1))
    ):
        if not results:
            os.kill(workers[0].pid, signal.SIGKILL)
        results += finished
    assert sorted(result.config.seed for result in results) == list(range(8))
    assert {result.status for result in results} == {"finished"}


def test_long_training_shows_its_progress(cluster_that_stays, monkeypatch):
    monkeypatch.setattr(execute_room, "Progress", partial(Progress, every=0.1))
    configs = small(2, epochs=2000)
    data = build.dataset(configs[0].dataset)
    shown = []
    pool = DaskPool(cluster_that_stays, 1)
    (results,) = execute(begin([Work(configs, data)], pool), show=shown.append)
    for result in results:
        shown_curves = [t.history.curves["train_loss"] for t in shown if t.config == result.config]
        assert shown_curves
        assert [len(curve) for curve in shown_curves] == sorted(
            len(curve) for curve in shown_curves
        )
        expected = result.history.curves["train_loss"][: len(shown_curves[-1])]
        np.testing.assert_array_equal(shown_curves[-1], expected)


@pytest.mark.slow
def test_another_version_is_refused(dask, monkeypatch):
    monkeypatch.setattr(cluster, "VERSION", -1)
    with pytest.raises(ConfigError, match=r"the worker tcp://.* has nnbench .*, this is .*-1"):
        DaskPool(dask[0], 1)


@pytest.mark.slow
def test_dead_scheduler_is_one_line_within_seconds(scheduler, dask, tmp_path):
    address, workers = dask
    words = ["-m", "depth=1,2", "dataset=iris", "seeds=2", "epochs=200000", "report=false"]
    words += ["tracking=none", "launcher.backend=dask", f"launcher.address={address}"]
    sweep = subprocess.Popen(
        [sys.executable, "-m", "nnbench", *words], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    workers = [psutil.Process(worker.pid) for worker in workers]
    before = sum(worker.cpu_times().user for worker in workers)
    while sum(worker.cpu_times().user for worker in workers) < before + 5:
        time.sleep(0.2)
        assert sweep.poll() is None
    scheduler[0].kill()
    _, err = sweep.communicate(timeout=60)
    assert sweep.returncode == 1
    assert err == (
        f"nnbench: launcher.address={address}: the Dask scheduler has gone; results so far are "
        "safe, and the same command goes on from there\n"
    )


def test_a_scheduler_that_is_not_there_is_said():
    with pytest.raises(ConfigError, match=r"launcher\.address=tcp://127\.0\.0\.1:9: no Dask"):
        DaskPool("tcp://127.0.0.1:9", 1)
