"""A report and the best settings, published with the parent run of its sweep in MLflow's UI."""

import re
from collections.abc import Mapping
from pathlib import Path

from nnbench.run.result import BestSetting
from nnbench.track.address import VIEW
from nnbench.track.entities import Tag, as_metrics, now
from nnbench.track.failures import failures_suppressed
from nnbench.track.files import files_of
from nnbench.track.store import Store
from nnbench.track.stored_text import LONGEST, storable
from nnbench.track.sweeps import TrackedSweep

BEST = "nnbench.best_setting"
"""Tag of a sweep's parent run: its best setting by validation score, for each data set."""

NOT_IN_A_NAME = re.compile(r"[^\w\-.]", re.ASCII)
"""Characters that a name within the name of a metric doesn't have."""

LONGEST_NAME = 100
"""Characters of it."""

FOLDER = "report"
"""Among the artifacts of the run."""


def publish(
    store: Store,
    sweep: TrackedSweep,
    directory: Path,
    description: str,
    metrics: Mapping[str, float],
) -> None:
    """Put a report's files, its description (Markdown) and its metrics with a sweep.

    Files and description take the place of those of an earlier report. Raises one of
    `failures()` if the store fails.
    """
    files_of(store, sweep.artifacts).replace(FOLDER, directory)
    store.writer.amend(
        sweep.run_id,
        metrics=as_metrics([(name, value, 0) for name, value in metrics.items()], now()),
        tags=[Tag("mlflow.note.content", description[:LONGEST])],
    )


def publish_best(store: Store, run_id: str, best: Mapping[str, BestSetting]) -> None:
    """Put a sweep's best settings and their validation scores with its parent run.

    `best` has them by data set. A store that fails is left alone.
    """
    single = len(best) == 1
    words = [text if single else f"{data}: {text}" for data, (text, *_) in best.items()]
    points = [
        (name if single else f"{name}/{NOT_IN_A_NAME.sub('_', data)[:LONGEST_NAME]}", score, 0)
        for data, (_, name, score, _) in best.items()
    ]
    tags = [Tag(BEST, storable("; ".join(words)))] if best else []
    with failures_suppressed():
        store.writer.amend(run_id, metrics=as_metrics(points, now()), tags=tags)


def place(experiment_id: str, run_id: str) -> str:
    """The place of the report's page within any MLflow UI."""
    return f"#/experiments/{experiment_id}/runs/{run_id}/artifacts/{FOLDER}/index.html{VIEW}"
