"""Stores of up to 10,000 runs: time and memory of writing, loading and reporting on them.

The runs are made up, and logged by the project's own writer. Each step is a process of its own, so
that its memory is its own.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace

import numpy as np

SIZES = (1_000, 3_000, 10_000)
SMALLEST = 30
SEEDS = 10
DEPTHS = (1, 3, 6)
EPOCHS = 20
MADE_UP = "many"
"""Name of the experiment."""
COMMAND = f"python -m nnbench -m depth=1,3,6 experiment={MADE_UP}"
CURVES = [f"{prefix}_{name}" for prefix in ("train", "validation") for name in ("loss", "accuracy")]
CURVES += ["gradient_norm", "parameter_norm"]


def main(smoke: bool) -> None:
    """Print a table: for each size, seconds, processor time and peak memory of every step."""
    print("runs     step       seconds  CPU s  ms a run  peak memory MB", flush=True)
    for runs in (SMALLEST,) if smoke else SIZES:
        with tempfile.TemporaryDirectory() as directory:
            for step in ("log", "load", "histories", "report"):
                seconds, processor, megabytes = measured(step, runs, directory, __name__)
                milliseconds = 1000 * seconds / runs
                print(
                    f"{runs:6,}   {step:9} {seconds:8.1f} {processor:6.1f} {milliseconds:9.2f} "
                    f"{megabytes:9.0f}",
                    flush=True,
                )


def measured(step: str, runs: int, directory: str, module: str) -> tuple[float, float, float]:
    """Seconds, seconds of a processor and peak megabytes of a step, in a process of its own."""
    words = [sys.executable, "-W", "ignore", "-m", module, step, str(runs)]
    paths = [os.getcwd(), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        words, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    seconds, processor, megabytes = json.loads(done.stdout.splitlines()[-1])
    return seconds, processor, megabytes


def log(runs: int) -> None:
    """Log made-up runs through the tracker."""
    import nnbench
    from nnbench.assembly import build
    from nnbench.sweep.plan import run_key
    from nnbench.track.store import open_store
    from nnbench.track.tracker import track_sweep

    first = nnbench.compose([f"epochs={EPOCHS}", "loss=cross_entropy", "experiment=many"])
    data = build.dataset(first.dataset)
    rng = np.random.default_rng(0)
    rates = np.geomspace(1e-4, 1e-1, -(-runs // (SEEDS * len(DEPTHS))))
    cells = [(d, float(lr), s) for d in DEPTHS for lr in rates for s in range(SEEDS)][:runs]
    with track_sweep(open_store(None, create=True), "many", {}, COMMAND) as tracker:
        for depth, lr, seed in cells:
            config = replace(first, depth=depth, lr=lr, seed=seed)
            result = made_up(config, rng)
            tracker.log(result, run_key(config, data.fingerprint), data)


def made_up(config, rng):
    """A result as training leaves it, of no meaning."""
    from nnbench.run.result import History, RunResult
    from nnbench.training.layer_statistics import STATISTICS, moments_of

    epochs = np.arange(config.epochs + 1)
    course = 1 - np.exp(-epochs / 5) * rng.uniform(0.5, 1)
    curves = {
        name: (course if "accuracy" in name else 3 - 2 * course) + rng.normal(0, 0.01, len(epochs))
        for name in CURVES
    }
    layers = tuple(f"{i}_dense" for i in range(1, config.depth + 2))
    moments = moments_of(config.epochs)
    layer_statistics = {
        name: rng.uniform(0.01, 1, (len(moments), len(layers))) for name in STATISTICS
    }
    final = {"n_params": 5000.0 * config.depth, "steps": 1000.0, "best_epoch": 18.0}
    for name in CURVES[:4]:
        final[f"best_{name}"] = float(curves[name][-1])
    for suffix in ("", "_last"):
        final |= {
            f"test_{name}{suffix}": float(rng.uniform(0.9, 1)) for name in ("loss", "accuracy")
        }
    history = History(epochs, curves, layers, moments, layer_statistics)
    return RunResult(config, "finished", history, final, seconds=0.1)


def load(runs: int) -> None:
    """All runs as one table."""
    import nnbench

    assert len(nnbench.load_runs("many")) == runs


def histories(runs: int) -> None:
    """All runs as one table, and all of their curves, one after the other."""
    from nnbench.track.read_runs import Histories, read_runs
    from nnbench.track.store import open_store

    store = open_store(None)
    table = read_runs(store, "many")
    assert sum(len(history.epochs) for history in Histories(store, table).values()) > runs


def report(runs: int) -> None:
    """The report, by the command."""
    from nnbench.__main__ import main

    sys.argv = ["nnbench", "report", "experiment=many"]
    assert main() == 0


def in_a_process(steps):
    """Work of a process that was started for one step, which its command line names."""
    started = time.perf_counter()
    steps[sys.argv[1]](int(sys.argv[2]))
    spent = time.perf_counter() - started
    # Kilobytes on Linux, bytes on macOS.
    unit = 1024 if sys.platform == "linux" else 1024**2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps([spent, time.process_time(), peak]))


if __name__ == "__main__":
    in_a_process(globals())
