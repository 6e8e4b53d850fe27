"""Sweeps that are really interrupted, and go on."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from nnbench import load_runs
from nnbench.track.store import open_store

WORDS = ["-m", "depth=0,1,2", "dataset=iris", "epochs=1000", "seeds=8", "width=16", "jobs=2"]
KEYS = ["key", "test_accuracy", "best_validation_accuracy", "best_train_loss", "test_loss_last"]


def as_from_a_terminal():
    """Obey signals in a new process, also where the tests run in the background, by nohup or &."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(cwd, *more):
    """The command line, in a process group of its own, as a terminal would start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "nnbench", *WORDS, "report=false", *more],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=as_from_a_terminal,
    )  # fmt: skip


def wait_for_runs(count):
    """Wait until so many runs have ended that the working directory's store tracks.

    On a slow machine runs are shown long before they end.
    """
    for _ in range(1200):
        if count_runs() >= count:
            return
        time.sleep(0.1)
    raise AssertionError("the sweep never came so far")


def count_runs():
    client = open_store(None).client
    experiment = client.get_experiment_by_name("nnbench")
    if experiment is None:
        return 0
    return len(client.search_runs([experiment.experiment_id], "attributes.status = 'FINISHED'"))


def table(runs):
    return runs.sort_values("key")[KEYS].reset_index(drop=True)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_a_sweep_that_resumes_later(here, number, code):
    sweep = start(here)
    wait_for_runs(3)
    children = psutil.Process(sweep.pid).children(recursive=True)
    # A terminal's Ctrl-C goes to the whole group, a supervisor's signal to the parent only.
    (os.killpg if number == signal.SIGINT else os.kill)(sweep.pid, number)
    # Two seconds when nothing else runs; the workers' stacks would take many times as long.
    _, err = sweep.communicate(timeout=20)
    assert sweep.returncode == code
    name = signal.Signals(number).name
    assert err == f"nnbench: stopped by {name}; run the same command again to continue\n"
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []

    first = load_runs("nnbench")
    assert 0 < len(first) < 24
    assert set(first["status"]) == {"finished"}
    store = open_store(None)
    assert store.client.get_run(first["sweep"][0]).info.status == "KILLED"

    again = start(here)
    out, err = again.communicate(timeout=240)
    assert (again.returncode, err) == (0, "")
    assert f"already finished: {len(first)} of 24 runs" in out
    runs = load_runs("nnbench")
    assert len(runs) == runs["key"].nunique() == 24

    alone = start(here, "experiment=undisturbed")
    alone.communicate(timeout=240)
    assert alone.returncode == 0
    assert table(runs).equals(table(load_runs("undisturbed")))


@pytest.mark.slow
def test_a_second_signal_is_obeyed_at_once(here):
    sweep = start(here, "epochs=100000")
    while not psutil.Process(sweep.pid).children(recursive=True):
        time.sleep(0.1)
    time.sleep(3)
    for _ in range(2):
        os.killpg(sweep.pid, signal.SIGINT)
        time.sleep(0.01)
    sweep.communicate(timeout=20)
    assert sweep.returncode == 130


@pytest.mark.slow
def test_runs_that_are_tracked_are_not_trained_again(here):
    for words, message in (
        (["epochs=2", "seeds=2"], None),
        (["epochs=2", "seeds=3"], "already finished: 6 of 9 runs"),
        (["epochs=2", "seeds=3"], "already finished: 9 of 9 runs"),
        (["epochs=2", "seeds=3", "resume=false"], None),
    ):
        sweep = start(here, *words)
        out, err = sweep.communicate(timeout=240)
        assert (sweep.returncode, err) == (0, "")
        assert message is None or message in out
        assert message is not None or "already" not in out
    runs = load_runs("nnbench")
    assert len(runs) == 18
    # The sweep that had nothing to do has left nothing.
    assert runs["sweep"].nunique() == 3


@pytest.mark.slow
def test_a_killed_run_goes_on_from_its_checkpoint(here):
    words = ["depth=3", "dataset=iris", "seeds=2", "epochs=3000", "checkpoint_every=0.2"]
    sweep = start(here, *words)
    checkpoints = here / "checkpoints"
    for _ in range(600):
        if list(checkpoints.glob("*.npz")):
            break
        time.sleep(0.1)
    time.sleep(1)
    os.killpg(sweep.pid, signal.SIGKILL)
    sweep.communicate(timeout=60)
    (checkpoint, *_) = checkpoints.glob("*.npz")
    with np.load(checkpoint, allow_pickle=False) as arrays:
        assert 0 < int(arrays["epoch"]) < 3000

    for experiment in ("nnbench", "undisturbed"):
        again = start(here, *words, f"experiment={experiment}")
        _, err = again.communicate(timeout=240)
        assert (again.returncode, err) == (0, "")
        assert not checkpoints.exists()
    assert table(load_runs("nnbench")).equals(table(load_runs("undisturbed")))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_signal_during_the_report_leaves_no_half(here, number):
    words = ["epochs=2", "seeds=4", "report=true"]
    sweep = start(here, *words)
    while not list(here.glob("reports/nnbench/.making-*")):
        time.sleep(0.002)
        assert sweep.poll() is None
    sweep.send_signal(number)
    _, err = sweep.communicate(timeout=60)
    assert sweep.returncode == 128 + number
    name = signal.Signals(number).name
    assert err == f"nnbench: stopped by {name}; run the same command again to continue\n"
    assert not (here / "reports").exists()

    again = start(here, *words)
    out, err = again.communicate(timeout=240)
    assert (again.returncode, err) == (0, "")
    assert "already finished: 12 of 12 runs" in out
    assert sorted(path.name for path in (here / "reports" / "nnbench").iterdir()) == [
        "README.md", "evidence.md", "figures", "index.html", "report.json", "tables",
    ]  # fmt: skip
