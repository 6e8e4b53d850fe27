"""A whole sweep of 1,000 runs, from the shell to the report, beside the usual way of doing it.

The usual way is a Hydra app with the basic launcher that trains scikit-learn's MLPClassifier by
`partial_fit`, an epoch at a time, and logs three metrics an epoch to MLflow's SQLite store. It is
timed on a few runs and scaled. Both have all cores they can use.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

RATES = 33
SEEDS = 10
DEPTHS = (1, 3, 6)
SAMPLE_RATES = 2
SETTINGS = ["epochs=20", "batch_size=32", "width=64"]

USUAL = """
import time
import hydra, mlflow, numpy as np
from omegaconf import DictConfig
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

@hydra.main(version_base="1.3", config_path=None, config_name="app")
def main(cfg: DictConfig) -> None:
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    x, y = load_digits(return_X_y=True)
    x, x_val, y, y_val = train_test_split(x, y, test_size=0.3, stratify=y, random_state=cfg.seed)
    scaler = StandardScaler().fit(x)
    x, x_val = scaler.transform(x), scaler.transform(x_val)
    model = MLPClassifier(
        [64] * cfg.depth, batch_size=32, learning_rate_init=cfg.lr, random_state=cfg.seed
    )
    with mlflow.start_run(), open("fitted.txt", "a") as fitted:
        mlflow.log_params(dict(cfg))
        for epoch in range(20):
            began = time.perf_counter()
            model.partial_fit(x, y, classes=np.arange(10))
            print(time.perf_counter() - began, file=fitted)
            p = model.predict_proba(x_val)
            mlflow.log_metric("train_loss", model.loss_, epoch)
            mlflow.log_metric("validation_loss", log_loss(y_val, p), epoch)
            mlflow.log_metric("validation_accuracy", float((p.argmax(1) == y_val).mean()), epoch)

from hydra.core.config_store import ConfigStore
ConfigStore.instance().store("app", {"depth": 1, "lr": 0.001, "seed": 0})
main()
"""

OURS = """
import json, os, sys, time
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from nnbench.app import experiment, planning, training_view
from nnbench.composition import jobs
from nnbench.sweep import execute
from nnbench.__main__ import main
from tests.speed._phases import SECONDS, timed

worked_file, trained = os.path.abspath("worked.txt"), []

def worked(item):
    # In a worker, whose own module has the function itself.
    from nnbench.sweep.execute import train_or_fail
    began = time.time()
    results = train_or_fail(item)
    with open(worked_file, "a") as file:
        print(began, time.time(), file=file)
    return results

def ended(view, result):
    trained.append(result.seconds)
    return end(view, result)

timed(ConfigLoaderImpl, "load_sweep_config", "composing")
timed(jobs, "parse", "composing")
timed(planning, "plan", "planning")
timed(experiment, "open_store", "making the store")
timed(experiment.Tracker, "log", "tracking")
timed(experiment, "report_on", "reporting")
timed(execute, "wait", "waiting for workers")
execute.train_or_fail = worked
end, training_view.TrainingView.end = training_view.TrainingView.end, ended
started = time.perf_counter()
code = main()
SECONDS["in all, without imports"] = time.perf_counter() - started
json.dump({"parent": SECONDS, "trained": sum(trained)}, open("spent.json", "w"))
sys.exit(code)
"""


def main(smoke: bool) -> None:
    """Run both and print the ratio, its ceiling, and where the time goes."""
    n_rates, seeds = (SAMPLE_RATES, 1) if smoke else (RATES, SEEDS)
    rates = [f"{rate:.6g}" for rate in np.geomspace(1e-4, 1e-1, n_rates)]
    runs = len(DEPTHS) * n_rates * seeds
    with tempfile.TemporaryDirectory() as name:
        usual, fitting, sampled = time_usual(Path(name, "usual"), rates)
        ours, spent = time_ours(Path(name, "ours"), rates, seeds)
    scaled = usual / sampled * runs
    print(f"\n{runs} runs of 20 epochs on digits, depth 1, 3 and 6, width 64, batch 32")
    print(f"  nnbench, all of them           {ours:8.1f} s")
    print(f"  the usual way, {sampled} runs          {usual:8.1f} s, scaled {scaled:.0f} s")
    print(
        f"  of which scikit-learn trains   {fitting:8.1f} s, scaled {fitting / sampled * runs:.0f}"
    )
    print(f"  ratio                          {scaled / ours:8.1f}x")
    show_workers(spent, scaled, runs)
    print("  where nnbench's parent process spends its time, beside which workers train:")
    for label, seconds in spent.parent.items():
        print(f"    {label:32} {seconds:8.1f} s {1000 * seconds / runs:8.1f} ms a run")


class Spent(NamedTuple):
    """Seconds of a sweep."""

    parent: dict[str, float]
    """Phase → wall time of the main process."""
    trained: float
    """Training steps of all runs."""
    worked: float
    """All that workers do for their stacks."""
    between: float
    """From the first stack's beginning to the last one's end."""


def show_workers(spent: Spent, scaled: float, runs: int) -> None:
    """Print what the workers did, and the ratio that would be left if nothing else took time."""
    cores = os.cpu_count() or 1
    evaluated = spent.worked - spent.trained
    print(f"  ceiling: steps alone, all cores{scaled / (spent.trained / cores):8.1f}x")
    print(
        f"  workers are busy               {spent.worked / cores / spent.between:8.0%} of the time"
    )
    print(f"  from first to last stack       {spent.between:8.1f} s")
    for label, seconds in (("training", spent.trained), ("evaluating and recording", evaluated)):
        print(f"    {label:32} {seconds:8.1f} s {1000 * seconds / runs:8.1f} ms a run")


def time_usual(directory: Path, rates: list[str]) -> tuple[float, float, int]:
    """Seconds for a sample, seconds of training in it, and how many runs it had."""
    chosen = rates[:: len(rates) // SAMPLE_RATES][:SAMPLE_RATES]
    words = ["-m", f"depth={','.join(map(str, DEPTHS))}", f"lr={','.join(chosen)}", "seed=0,1"]
    seconds = timed(directory, USUAL, words)
    fitting = np.loadtxt(directory / "fitted.txt").sum()
    return seconds, float(fitting), len(DEPTHS) * len(chosen) * 2


def time_ours(directory: Path, rates: list[str], seeds: int) -> tuple[float, Spent]:
    """Seconds for the whole sweep, and what they were spent on."""
    words = ["-m", f"depth={','.join(map(str, DEPTHS))}", f"lr={','.join(rates)}"]
    seconds = timed(directory, OURS, [*words, f"seeds={seeds}", *SETTINGS])
    begins, ends = np.loadtxt(directory / "worked.txt", ndmin=2).T
    parts = json.loads((directory / "spent.json").read_text())
    return seconds, Spent(
        **parts, worked=float((ends - begins).sum()), between=float(ends.max() - begins.min())
    )


def timed(directory: Path, program: str, words: list[str]) -> float:
    """Seconds that a program takes in a directory of its own."""
    directory.mkdir()
    (directory / "app.py").write_text(program)
    # The harness pins itself to one core, which its children must not inherit.
    cores = set(range(os.cpu_count() or 1))
    unpinned = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    unpinned["PYTHONPATH"] = os.getcwd()
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "app.py", *words],
        cwd=directory, env=unpinned, capture_output=True, text=True, check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return time.perf_counter() - started
