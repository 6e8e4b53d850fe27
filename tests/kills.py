"""Kills sweeps at random moments: python -m tests.kills [100 [SEED]].

Of the kills, three tenths fall while a store is made, two tenths while a report is written, the
others anywhere. Each is a real SIGKILL, to the whole group or to the parent alone by chance; then
the same command runs to its end. It must have the table of an undisturbed sweep, bit for bit, and
leave nothing behind.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from nnbench import load_runs

WORDS = ["-m", "depth=0,1", "dataset=iris", "width=8", "seeds=4", "jobs=2", "checkpoint_every=0.2"]
KINDS = {"store": ["epochs=5", "report=false"], "report": ["epochs=5"], "anywhere": ["epochs=4000"]}
"""Moments of kills → the other words of their sweeps."""
SECONDS = 300
LEFT = {".mlflow.db.lock", "mlartifacts", "mlflow.db", "reports"}
"""Files left by a sweep that nobody killed."""


class Place:
    """A directory in which sweeps run, with what is temporary in a directory of its own."""

    def __init__(self, root, words):
        self.here, self.temporary = root / "here", root / "temporary"
        self.words = words
        self.started = set()
        for directory in (self.here, self.temporary):
            directory.mkdir(parents=True)

    def start(self, output=subprocess.DEVNULL):
        environment = {**os.environ, "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)}
        environment.pop("MLFLOW_TRACKING_URI", None)
        sweep = subprocess.Popen(
            [sys.executable, "-m", "nnbench", *WORDS, *self.words],
            cwd=self.here, env=environment, stdout=output, stderr=output, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.started.add(sweep.pid)
        return sweep

    def kill(self, ready, seconds, chance):
        """Start a sweep and kill it, so long after it is ready; returns whether it was alive."""
        sweep = self.start()
        while sweep.poll() is None and not ready(self):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, seconds))
        alive = sweep.poll() is None
        if chance.random() < 0.5:
            # A sweep that has ended by then has no group any more.
            with suppress(ProcessLookupError):
                os.killpg(sweep.pid, signal.SIGKILL)
        else:
            sweep.kill()
        # Workers of a parent that was killed alone may live on for a moment.
        sweep.wait(timeout=SECONDS)
        return alive

    def finish(self):
        sweep = self.start(subprocess.PIPE)
        out, err = sweep.communicate(timeout=SECONDS)
        assert (sweep.returncode, err) == (0, ""), (sweep.returncode, out, err)

    def table(self):
        """Every figure of every run, by its key, but those of how it was trained.

        A kill between the runs of a stack that are being logged leaves fewer to train together.
        """
        runs = load_runs("nnbench", f"sqlite:///{self.here}/mlflow.db")
        runs = runs.sort_values("key").reset_index(drop=True)
        return runs.drop(columns=["run_id", "sweep", "artifacts", "seconds", "stack_runs"])

    def left_behind(self):
        """Whatever is there that an undisturbed sweep would not leave."""
        names = {path.name for path in self.here.iterdir()} - LEFT
        names |= {path.name for path in self.temporary.iterdir()}
        pages = {"README.md", "evidence.md", "figures", "index.html", "report.json", "tables"}
        names |= {path.name for path in self.here.glob("reports/nnbench/*")} - pages
        names |= {path.name for path in self.here.rglob(".*")} - LEFT
        tracked = {run.info.run_id for run in self.every_run()}
        names |= (
            {path.name for path in (self.here / "mlartifacts").iterdir()} - tracked - {"models"}
        )
        names |= {run.info.run_id for run in self.every_run() if run.info.status == "RUNNING"}
        return names

    def every_run(self):
        from nnbench.track.store import open_store

        client = open_store(f"sqlite:///{self.here}/mlflow.db").client
        ids = [experiment.experiment_id for experiment in client.search_experiments()]
        return client.search_runs(ids, max_results=1000)


ROOT = Path(__file__).parents[1]


def anywhere(place):
    return True


def store_is_begun(place):
    """True if a store exists, whole or unfinished."""
    return any(place.here.iterdir())


def report_is_begun(place):
    return (place.here / "reports").exists()


def semaphores(processes):
    """Semaphores that loky kept for some processes, on Linux."""
    files = Path("/dev/shm").glob("sem.loky-*")
    return {path.name for path in files if int(path.name.split("-")[1]) in processes}


def differences(table, undisturbed):
    """Values of the columns in which two tables differ, by name."""
    return {
        name: (table[name].tolist() if name in table else None,
               undisturbed[name].tolist() if name in undisturbed else None)
        for name in {*table, *undisturbed}
        if not (name in table and name in undisturbed and table[name].equals(undisturbed[name]))
    }  # fmt: skip


READY = {"store": store_is_begun, "report": report_is_begun, "anywhere": anywhere}
WITHIN = {"store": 3.0, "report": 2.0, "anywhere": 12.0}
"""Seconds from when it is ready within which a sweep is killed."""

AT_ONE_PLACE = {"store": 1, "report": 4, "anywhere": 10}
"""Kills after which the same command runs to its end."""


def kill_all(counts, seed):
    """Kill so often, by kind; raises AssertionError at the first difference.

    Returns how many of the kills came before the end of the sweep.
    """
    print(f"seed {seed}", flush=True)
    chance, alive = random.Random(seed), Counter()
    started = set()
    root = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        for kind, count in counts.items():
            undisturbed = Place(root / kind, KINDS[kind])
            undisturbed.finish()
            assert undisturbed.left_behind() == set()
            table = undisturbed.table()
            assert len(table) == 8
            for first in range(0, count, AT_ONE_PLACE[kind]):
                place = Place(root / f"{kind}-{first}", KINDS[kind])
                done = range(first, min(first + AT_ONE_PLACE[kind], count))
                for _ in done:
                    if kind == "report":
                        shutil.rmtree(place.here / "reports", ignore_errors=True)
                    alive[kind] += place.kill(READY[kind], WITHIN[kind], chance)
                place.finish()
                # First, since a process that has a store open has files beside it.
                assert (left := place.left_behind()) == set(), (kind, first, left)
                again = place.table()
                assert again.equals(table), (kind, first, differences(again, table))
                started |= place.started
                shutil.rmtree(place.here.parent)
                print(f"{kind}: {done.stop} kills, {alive[kind]} of a live sweep", flush=True)
        assert semaphores(started) == set()
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return alive


def main(kills=100, seed=None):
    counts = {"store": kills * 3 // 10, "report": kills * 2 // 10}
    counts["anywhere"] = kills - sum(counts.values())
    alive = kill_all(counts, int.from_bytes(os.urandom(4)) if seed is None else seed)
    print(f"{kills} kills, {alive.total()} of a live sweep: nothing differs, nothing is left")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
