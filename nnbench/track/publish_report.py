"""A report, published with the parent run of its sweep in MLflow's UI."""

from collections.abc import Mapping
from pathlib import Path

from mlflow.entities import RunTag

from nnbench.track.address import VIEW
from nnbench.track.files import files_of
from nnbench.track.log_run import now
from nnbench.track.metrics_and_tags import LONGEST, as_metrics
from nnbench.track.store import Store

FOLDER = "report"
"""Among the artifacts of the run."""


def publish(
    store: Store, run_id: str, directory: Path, description: str, metrics: Mapping[str, float]
) -> None:
    """Put a report's files, its description (Markdown) and its metrics with a run.

    Files and description take the place of those of an earlier report. Raises one of
    failures.FAILURES if the store fails.
    """
    files_of(store, store.client.get_run(run_id).info.artifact_uri).replace(FOLDER, directory)
    store.client.log_batch(
        run_id,
        metrics=as_metrics([(name, value, 0) for name, value in metrics.items()], now()),
        tags=[RunTag("mlflow.note.content", description[:LONGEST])],
    )


def place(experiment_id: str, run_id: str) -> str:
    """The place of the report's page within any MLflow UI."""
    return f"#/experiments/{experiment_id}/runs/{run_id}/artifacts/{FOLDER}/index.html{VIEW}"
