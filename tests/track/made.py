"""Results as training leaves them, made without training; and what a store holds of them."""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np

import nnbench
from nnbench.data.dataset import Dataset
from nnbench.run.config import Component
from nnbench.run.result import History, RunResult
from nnbench.track.client_writer import RequestWriter
from nnbench.track.outbox import outbox_of
from nnbench.track.read_runs import read_runs
from nnbench.track.run_files import read_curves

DATA = Dataset("made", "classification", np.zeros((4, 2)), np.zeros(4, int), 2, "nowhere")

MADE_MACHINE = {"processor": "Zuse Z3", "blas": "OpenBLAS 9.9", "blas_kernel": "Relay"}


@cache
def made_config():
    config = nnbench.compose(["dataset=iris", "depth=1", "epochs=2"])
    options = {**config.optimizer.options, "text": "ä 'quoted'", "empty": None, "list": [1, 2.5]}
    return replace(config, optimizer=Component("adam", "a.b", options))


def made_result(seed=0, status="finished"):
    config = replace(made_config(), seed=seed)
    if status == "failed":
        return RunResult(config, "failed", reason="made to fail")
    curves = {"train_loss": np.array([3.0, 2.0, np.nan]), "validation_loss": np.array([3, 2, 1.5])}
    history = made_history(curves, 3, np.float64(0.1 + seed))
    final = {"test_accuracy": 0.1 * seed, "steps": 7.0}
    return RunResult(config, status, history, final, seconds=0.25, machine=MADE_MACHINE)


def made_history(curves, epochs, figure):
    """A history with the same figure of each of two layers at its first and last epoch."""
    moments, layer_statistics = (
        np.array([0, epochs - 1]),
        {"gradient_norm": np.full((2, 2), figure)},
    )
    return History(np.arange(epochs), curves, ("1_dense", "output"), moments, layer_statistics)


def long_result(seed, epochs=120):
    """A run with more epochs than there are points of a curve."""
    result = made_result(seed)
    count = epochs + 1
    curves = {"train_loss": np.linspace(3, 1, count, dtype=np.float32)}
    history = made_history(curves, count, np.float32(0.1))
    config = replace(result.config, epochs=epochs)
    return replace(result, config=config, history=history)


def by_requests(store):
    """The store, into which runs are written through MLflow's client, as on a server."""
    vars(store)["writer"] = RequestWriter(store.client)
    return store


def keys_of_whole_runs(store, experiment):
    """Key → how many whole runs there are of it, whatever reading leaves out."""
    stored = store.client.get_experiment_by_name(experiment)
    runs = store.client.search_runs([stored.experiment_id], max_results=1000)
    whole = [run for run in runs if run.info.status in ("FINISHED", "FAILED")]
    return Counter(r.data.tags["nnbench.key"] for r in whole if "nnbench.key" in r.data.tags)


def finished_keys(store, experiment):
    """Keys of the runs that need not be trained again."""
    runs = read_runs(store, experiment)
    return set(runs["key"][runs["status"] != "failed"])


def waiting(store):
    """Number of runs in the outbox of a store."""
    return len(outbox_of(store.uri).files())


def write_as_before(file):
    """Write a file of curves with an array for each, as before there were tables."""
    history = read_curves(file)
    np.savez_compressed(
        file,
        epochs=history.epochs,
        layers=np.array(history.layers),
        moments=history.moments,
        **{f"curves/{name}": curve for name, curve in history.curves.items()},
        **{f"mechanism/{name}": values for name, values in history.layer_statistics.items()},
    )
