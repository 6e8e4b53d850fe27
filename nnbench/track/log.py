"""Logging one run: everything it left behind, at most once."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param

from nnbench.config import Scalar
from nnbench.record import History, RunResult
from nnbench.track.artifacts import local_directory, write_config, write_curves
from nnbench.track.entry import Entry, Source
from nnbench.track.keys import TrackedKeys
from nnbench.track.process import process_tags
from nnbench.track.read import ENDED
from nnbench.track.store import Store

POINTS = 51
"""Points of a curve that are logged as metrics: 50 epochs and what was before; the full curve is an
artifact."""


def log_once(tracked: TrackedKeys, entry: Entry) -> str | None:
    """Log a run; returns its id, or None if a run of its key is tracked already.

    Raises one of failures.FAILURES if the store fails; what was half-logged by then is never read.
    """
    with tracked.store.lock():
        if not entry.again and entry.key in tracked:
            return None
        return log_entry(tracked.store, tracked.experiment_id, entry)


def log_entry(store: Store, experiment_id: str, entry: Entry) -> str:
    """Log a run, whatever is tracked; returns its id.

    That it has ended comes last: a run counts once it is marked so.
    """
    result = entry.result
    started = entry.ended - int(1000 * result.seconds)
    with store.writer.create(experiment_id, started, tags_of(entry)) as run:
        log_artifacts(store, run.run_id, run.artifact_uri, result)
        run.log(
            [*final_metrics(result, entry.ended), *curve_metrics(result.history, entry.ended)],
            as_params(result.config.flat()),
            [dataset_input(entry.data)] if entry.data is not None else [],
        )
        run.end(ENDED[result.status], now())
        return run.run_id


def tags_of(entry: Entry) -> dict[str, str]:
    """What a run is known by."""
    result = entry.result
    tags = {
        "mlflow.runName": run_name(result),
        "mlflow.parentRunId": entry.sweep_id,
        "nnbench.sweep": entry.sweep_id,
        "nnbench.reason": result.reason[:5000],
        "nnbench.status": result.status,
        "nnbench.key": entry.key,
        "nnbench.token": entry.token,
        **process_tags(),
    }
    return {name: value for name, value in tags.items() if value}


def log_artifacts(store: Store, run_id: str, uri: str, result: RunResult) -> None:
    """Write the files of a run: in place, if that is on this machine."""
    directory = local_directory(uri)
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        write_files(result, directory)
        return
    with tempfile.TemporaryDirectory() as name:
        write_files(result, Path(name))
        store.client.log_artifacts(run_id, name)


def write_files(result: RunResult, directory: Path) -> None:
    """The configuration of a run and, if it was trained, its curves."""
    write_config(result.config, directory)
    if result.history is not None:
        write_curves(result.history, directory)


def run_name(result: RunResult) -> str:
    """What a person reads first in a table of runs."""
    config = result.config
    return f"depth={config.depth} seed={config.seed} {config.dataset.name} {config.optimizer.name}"


def as_params(values: Mapping[str, Scalar]) -> list[Param]:
    """Parameters as MLflow has them: text, with null where there is no value."""
    return [Param(name, "null" if value is None else str(value)) for name, value in values.items()]


def final_metrics(result: RunResult, time_ms: int) -> list[Metric]:
    """The figures that a run has once."""
    final = {**result.final, "seconds": result.seconds}
    return [Metric(k, v, time_ms, 0) for k, v in final.items() if np.isfinite(v)]


def curve_metrics(history: History | None, time_ms: int) -> list[Metric]:
    """Curves by epoch, thinned, and every layer's gradient norm at the first and last epoch.

    Only finite points: MLflow stores an infinity as a number, and its UI breaks on NaN.
    """
    if history is None:
        return []
    steps = thinned(len(history.epochs))
    points = [
        (name, curve[i], history.epochs[i]) for name, curve in history.curves.items() for i in steps
    ]
    for i in sorted({min(1, len(history.epochs) - 1), len(history.epochs) - 1}):
        points += [
            (f"gradient_norm/{layer}", norm, history.epochs[i])
            for layer, norm in zip(history.layers, history.gradient_norms[i], strict=True)
        ]
    return [Metric(k, float(v), time_ms, int(step)) for k, v, step in points if np.isfinite(v)]


def thinned(count: int) -> list[int]:
    """Positions of at most POINTS of `count` points, closer at the beginning.

    That is where a curve moves fastest. The first and the last are among them.
    """
    if count <= POINTS:
        return list(range(count))
    return sorted({0, *np.unique(np.geomspace(1, count - 1, POINTS - 1).round().astype(int))})


def dataset_input(data: Source) -> DatasetInput:
    """The data of a run, as MLflow shows it."""
    tracked = Dataset(
        name=data.name,
        digest=data.digest,
        source_type="nnbench",
        source=data.source,
        profile=data.profile,
    )
    return DatasetInput(tracked, [InputTag("mlflow.data.context", "training")])


def now() -> int:
    """Milliseconds since the epoch."""
    return int(1000 * time.time())
