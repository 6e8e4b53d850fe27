"""Writing: one parent run a sweep, a child run a training run; only the parent process writes."""

import shlex
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from mlflow.entities import Dataset as TrackedDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag

from nnbench.config import Scalar
from nnbench.data.dataset import Dataset
from nnbench.record import History, RunResult
from nnbench.track.artifacts import write_config, write_curves
from nnbench.track.store import Store, without_password

POINTS = 51
"""Points of a curve that are logged as metrics: 50 epochs and what was before; the full curve is an
artifact."""

METRICS_A_CALL, PARAMS_A_CALL = 1000, 100
"""What MLflow takes in one log_batch."""

ENDED = {"finished": "FINISHED", "diverged": "FINISHED", "failed": "FAILED"}
"""Our status → MLflow's; a diverged run is a result, not a failure of the program."""

EXPERIMENT_TAGS = {"mlflow.experimentKind": "custom_model_development"}
"""The opposite, to MLflow, of an experiment with language models."""


@dataclass
class Tracker:
    """Logs the runs of one sweep under their parent run."""

    store: Store
    experiment_id: str
    sweep_id: str
    statuses: dict[str, int] = field(default_factory=dict)

    def log(self, result: RunResult, key: str, data: Dataset | None) -> str:
        """Log a run that has ended, with everything it left behind; returns its id."""
        client = self.store.client
        end = now()
        start = end - int(1000 * result.seconds)
        tags = {"mlflow.runName": run_name(result), "mlflow.parentRunId": self.sweep_id}
        run = client.create_run(self.experiment_id, start_time=start, tags=tags)
        run_id = str(run.info.run_id)
        try:
            self.fill(run_id, result, key, data, end)
        except BaseException:
            client.set_terminated(run_id, "KILLED", now())
            raise
        client.set_terminated(run_id, ENDED[result.status], now())
        self.statuses[result.status] = self.statuses.get(result.status, 0) + 1
        return run_id

    def fill(
        self, run_id: str, result: RunResult, key: str, data: Dataset | None, time_ms: int
    ) -> None:
        """Log everything of a run; its key comes last, and without one a run is never read back."""
        client = self.store.client
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            write_config(result.config, directory)
            if result.history is not None:
                write_curves(result.history, directory)
            client.log_artifacts(run_id, name)
        if data is not None:
            client.log_inputs(run_id, [dataset_input(data)])
        metrics = [*final_metrics(result, time_ms), *curve_metrics(result.history, time_ms)]
        params = as_params(result.config.flat())
        for start in range(METRICS_A_CALL, len(metrics), METRICS_A_CALL):
            client.log_batch(run_id, metrics=metrics[start : start + METRICS_A_CALL])
        for start in range(PARAMS_A_CALL, len(params), PARAMS_A_CALL):
            client.log_batch(run_id, params=params[start : start + PARAMS_A_CALL])
        tags = {
            "nnbench.sweep": self.sweep_id,
            "nnbench.reason": result.reason,
            "nnbench.status": result.status,
            "nnbench.key": key,
        }
        # MLflow writes a batch's metrics and parameters before its tags, and those in order.
        client.log_batch(
            run_id,
            metrics=metrics[:METRICS_A_CALL],
            params=params[:PARAMS_A_CALL],
            tags=[RunTag(name, value[:5000]) for name, value in tags.items() if value],
        )

    def attach(self, directory: Path, name: str) -> None:
        """Put the files of a directory among the artifacts of the sweep's parent run."""
        self.store.client.log_artifacts(self.sweep_id, str(directory), name)

    def describe(self, text: str) -> None:
        """Show a text (Markdown) as the description of the sweep's parent run."""
        self.store.client.set_tag(self.sweep_id, "mlflow.note.content", text[:5000])


@contextmanager
def track_sweep(
    store: Store, experiment: str, settings: Mapping[str, Scalar], command: str
) -> Iterator[Tracker]:
    """Open the parent run of a sweep, and close it whatever happens.

    `settings` are the keys that concern the sweep as a whole; `command` is what asks for it again.
    """
    with store.lock():
        experiment_id = get_or_create_experiment(store, experiment)
    client = store.client
    command = without_password(command)
    settings = {
        key: without_password(value) if isinstance(value, str) else value
        for key, value in settings.items()
    }
    tags = {
        "mlflow.runName": sweep_name(command),
        "mlflow.source.name": "nnbench",
        "nnbench.command": command[:5000],
    }
    run = client.create_run(experiment_id, start_time=now(), tags=tags)
    tracker = Tracker(store, experiment_id, str(run.info.run_id))
    client.log_batch(tracker.sweep_id, params=as_params(settings))
    status = "FAILED"
    try:
        yield tracker
        status = "FAILED" if tracker.statuses.get("failed") else "FINISHED"
    except (KeyboardInterrupt, SystemExit):
        status = "KILLED"
        raise
    finally:
        counts = [Metric(f"runs_{s}", n, now(), 0) for s, n in tracker.statuses.items()]
        client.log_batch(tracker.sweep_id, metrics=counts)
        client.set_terminated(tracker.sweep_id, status, now())


def get_or_create_experiment(store: Store, name: str) -> str:
    """The id of an experiment; a new one keeps its artifacts beside an SQLite store.

    A deleted one of that name stays deleted, with its runs, under another name.
    """
    client = store.client
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        if experiment.lifecycle_stage != "deleted":
            return str(experiment.experiment_id)
        # MLflow renames nothing that is deleted.
        client.restore_experiment(experiment.experiment_id)
        client.rename_experiment(
            experiment.experiment_id, f"{name} (deleted {experiment.experiment_id})"
        )
        client.delete_experiment(experiment.experiment_id)
    location = None
    if store.file is not None:
        # The default is resolved against the directory of whoever creates the experiment.
        location = (store.file.parent / "mlartifacts").as_uri()
    return str(client.create_experiment(name, location, tags=EXPERIMENT_TAGS))


def sweep_name(command: str) -> str:
    """What was asked, such as `depth=1,3,6`."""
    words = [word for word in shlex.split(command)[3:] if not word.startswith("-")]
    return " ".join(words)[:250] or "defaults"


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


def dataset_input(data: Dataset) -> DatasetInput:
    """The data of a run, as MLflow shows it."""
    tracked = TrackedDataset(
        name=data.name,
        digest=data.fingerprint,
        source_type="nnbench",
        source=data.source,
        profile=f'{{"rows": {len(data.x)}, "shape": {list(data.x.shape[1:])}, '
        f'"outputs": {data.outputs}, "task": "{data.task}"}}',
    )
    return DatasetInput(tracked, [InputTag("mlflow.data.context", "training")])


def now() -> int:
    """Milliseconds since the epoch."""
    return int(1000 * time.time())
