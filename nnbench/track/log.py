"""Logging one run: everything it left behind, at most once."""

import sqlite3
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from filelock import Timeout
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, ErrorCode
from sqlalchemy.exc import SQLAlchemyError

from nnbench.config import Scalar
from nnbench.record import History, RunResult
from nnbench.track.artifacts import local_directory, write_config, write_curves
from nnbench.track.entry import Entry, Source
from nnbench.track.keys import TrackedKeys
from nnbench.track.process import process_tags
from nnbench.track.read import ENDED
from nnbench.track.store import Store, without_password

POINTS = 51
"""Points of a curve that are logged as metrics: 50 epochs and what was before; the full curve is an
artifact."""

FAILURES = (MlflowException, SQLAlchemyError, sqlite3.Error, OSError)
"""What a store, or the way to it, may raise; a server that has gone is an OSError too."""


def log_once(tracked: TrackedKeys, entry: Entry) -> str | None:
    """Log a run; returns its id, or None if a run of its key is tracked already.

    Raises one of FAILURES if the store fails; what was half-logged by then is never read.
    """
    with tracked.store.lock():
        if not entry.again and entry.key in tracked:
            return None
        return log_entry(tracked.store, tracked.experiment_id, entry)


def log_entry(store: Store, experiment_id: str, entry: Entry) -> str:
    """Log a run, whatever is tracked; returns its id.

    Its status comes last: a run counts once it is marked as ended.
    """
    client = store.client
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
    run = client.create_run(
        experiment_id,
        start_time=entry.ended - int(1000 * result.seconds),
        tags={name: value for name, value in tags.items() if value},
    )
    run_id = str(run.info.run_id)
    try:
        log_artifacts(store, run_id, run.info.artifact_uri, result)
        if entry.data is not None:
            client.log_inputs(run_id, [dataset_input(entry.data)])
        final = final_metrics(result, entry.ended)
        curves = curve_metrics(result.history, entry.ended)
        client.log_batch(run_id, [*final, *curves], as_params(result.config.flat()))
    except FAILURES:
        # A store that fails would only fail once more if it were asked to close the run.
        raise
    except BaseException:
        with suppress(*FAILURES):
            client.set_terminated(run_id, "KILLED", now())
        raise
    client.set_terminated(run_id, ENDED[result.status], now())
    return run_id


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


def is_lasting(error: Exception) -> bool:
    """Whether what made a run fail to be logged will make others fail as well."""
    refused = ErrorCode.Name(INVALID_PARAMETER_VALUE)
    return not (isinstance(error, MlflowException) and error.error_code == refused)


def in_a_line(error: Exception) -> str:
    """What a store's failure says, in one line."""
    if isinstance(error, Timeout):
        return f"another process holds {error.lock_file}"
    # SQLAlchemy may begin with a remark, in brackets, on what it was doing.
    lines = [line.strip() for line in str(error).splitlines() if not line.startswith("(raised")]
    return without_password(next(filter(None, lines), type(error).__name__)[:300])


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
