"""Reports on 30, 1,000 and 10,000 runs: time, by phase, processor time, memory, and page size.

The runs are made up, and logged by the project's own writer; the report is written by the command.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.speed._phases import SECONDS, timed
from tests.speed.store import MADE_UP, made_up, measured

SIZES = (30, 1_000, 10_000)
SMALLEST = 30
SEEDS, RATES, DEPTHS = 20, 5, (0, 1, 2, 3, 6)
DATASETS = ("digits", "wine", "breast_cancer", "iris", "moons", "circles", "spirals", "blobs",
            "waveforms", "checkerboard", "parity", "hastie", "diabetes", "friedman1", "friedman2",
            "friedman3", "s_curve", "swiss_roll", "regression", "linnerud")  # fmt: skip
LARGEST = 3_000_000
"""Bytes of a page, whatever the number of runs."""
LIMITS = {30: 3, 1_000: 8, 10_000: 30}
"""Runs → seconds that a report may take."""
SPENT = "spent.json"


def main(smoke: bool) -> None:
    """Print a table: for each number of runs, what the report costs, and by phase."""
    if hasattr(os, "sched_setaffinity"):
        # Its charts are drawn by a process of their own, on another core.
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    print(f"{'runs':>6}  {'step':18} {'seconds':>8} {'CPU s':>7} {'peak MB':>8} {'page MB':>8}")
    for runs in (SMALLEST,) if smoke else SIZES:
        with tempfile.TemporaryDirectory() as directory:
            # One data set has 500 runs, of which 100 are compared; or all of them are.
            for step in ("log_cells", "report", "report_every_run"):
                seconds, processor, megabytes = measured(step, runs, directory, __name__)
                page = Path(directory, "reports", MADE_UP, "index.html")
                size = page.stat().st_size if page.exists() else 0
                print(
                    f"{runs:6,}  {step:18} {seconds:8.1f} {processor:7.1f} {megabytes:8.0f} "
                    f"{size / 1e6:8.2f}",
                    flush=True,
                )
                assert size < LARGEST
                if step == "log_cells":
                    continue
                for phase, taken in json.loads(Path(directory, SPENT).read_text()).items():
                    print(f"{'':8}{phase:18} {taken:8.2f}")
                if step == "report" and seconds > LIMITS[runs]:
                    print(f"{'':8}more than {LIMITS[runs]} s")


def log_cells(runs: int) -> None:
    """Log made-up runs on several data sets through the tracker."""
    import numpy as np

    import nnbench
    from nnbench.assembly import build
    from nnbench.sweep.plan import run_key
    from nnbench.track.store import open_store
    from nnbench.track.tracker import track_sweep

    rng = np.random.default_rng(0)
    rates = np.geomspace(1e-4, 1e-1, RATES)
    command = "python -m nnbench -m depth=0,1,2,3,6"
    with track_sweep(open_store(None, create=True), MADE_UP, {}, command) as tracker:
        cells = len(DEPTHS) * RATES
        seeds = min(SEEDS, -(-runs // cells))
        for name in DATASETS[: max(1, runs // (seeds * cells))]:
            first = nnbench.compose([f"dataset={name}", "epochs=50", "loss=mse"])
            data = build.dataset(first.dataset)
            for depth in DEPTHS:
                for lr in rates:
                    for seed in range(seeds):
                        config = replace(first, depth=depth, lr=float(lr), seed=seed)
                        result = made_up(config, rng)
                        tracker.log(result, run_key(config, data.fingerprint), data)


def report(runs: int) -> None:
    """The report, by the command: of each data set and depth, one of the rates."""
    write("compare=depth")


def report_every_run(runs: int) -> None:
    """A report in which every run is compared, and every file of curves is read."""
    write("compare=[depth,lr]")


def write(*words: str) -> None:
    """The report, by the command; leaves the seconds of its phases in a file."""
    from nnbench.__main__ import main

    began = time.perf_counter()
    from nnbench import report
    from nnbench.app import reporting
    from nnbench.composition import jobs
    from nnbench.track import store

    SECONDS["importing"] = time.perf_counter() - began
    for owner, name, phase in (
        (jobs, "compose_job", "composing"),
        (store, "open_store", "opening the store"),
        (reporting, "read_runs", "reading runs"),
        (report, "find", "comparing"),
        (report, "make_sections", "sections"),
        (report, "sentences_of", "verdicts"),
        (report, "answered", "answer"),
        (report, "as_data", "report.json"),
        (report, "write_page", "pages and charts"),
        (reporting, "publish", "publishing"),
    ):
        timed(owner, name, phase)
    sys.argv = ["nnbench", "report", f"experiment={MADE_UP}", *words]
    assert main() == 0
    Path(SPENT).write_text(json.dumps(SECONDS))


if __name__ == "__main__":
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    from tests.speed.store import in_a_process

    in_a_process(globals())
