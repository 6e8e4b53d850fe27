"""Reading: the tracked runs of an experiment as one table, and their curves."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from nnbench.config import ConfigError
from nnbench.record import History
from nnbench.track.artifacts import CURVES, local_directory, read_curves
from nnbench.track.store import Store

COLUMNS = ["run_id", "status", "key", "sweep", "reason", "artifacts"]
"""What every run has."""

ENDED = {"finished": "FINISHED", "diverged": "FINISHED", "failed": "FAILED"}
"""Our status → MLflow's; a diverged run is a result, not a failure of the program."""

PAGE = 1000
"""Runs fetched in one request."""


def read_runs(store: Store, experiment: str) -> pd.DataFrame:
    """One row a training run of the experiment, oldest first; numbers are numbers again.

    Columns: run_id, status, key, sweep, reason, artifacts (where its files are), every
    configuration key and every final figure. Raises ConfigError if there is no such experiment.
    """
    rows = [as_row(run) for run in search_runs(store, experiment) if is_whole(run)]
    table = pd.DataFrame(rows, columns=None if rows else COLUMNS).astype(object)
    return pd.DataFrame({name: as_column(values) for name, values in table.items()})


def read_commands(store: Store, experiment: str) -> dict[str, str]:
    """Id of each sweep of the experiment → the command that asked for it."""
    tagged = ((run.info.run_id, run.data.tags) for run in search_runs(store, experiment))
    return {sweep: tags["nnbench.command"] for sweep, tags in tagged if "nnbench.command" in tags}


def search_runs(store: Store, experiment: str) -> Iterator[Run]:
    """All runs of an experiment, parents too, oldest first."""
    found = store.client.get_experiment_by_name(experiment)
    if found is None:
        names = [e.name for e in store.client.search_experiments(max_results=50)]
        allowed = f"no such experiment in {store.uri}; there are {', '.join(sorted(names))}"
        raise ConfigError("experiment", experiment, allowed)
    token = None
    while True:
        page = store.client.search_runs(
            [found.experiment_id],
            max_results=PAGE,
            order_by=["attributes.start_time ASC"],
            page_token=token,
        )
        yield from page
        token = page.token
        if not token:
            return


def is_whole(run: Run) -> bool:
    """Whether a run is a training run that was logged to its end; its status is written last."""
    return "nnbench.key" in run.data.tags and run.info.status in ENDED.values()


def as_row(run: Run) -> dict[str, object]:
    """One run, flat."""
    tags = run.data.tags
    return {
        "run_id": run.info.run_id,
        "status": tags.get("nnbench.status", "failed"),
        "key": tags["nnbench.key"],
        "sweep": tags.get("nnbench.sweep", ""),
        "reason": tags.get("nnbench.reason", ""),
        "artifacts": run.info.artifact_uri,
        **{name: None if v == "null" else v for name, v in run.data.params.items()},
        **run.data.metrics,
    }


def as_column(values: pd.Series) -> pd.Series:
    """A column of texts as numbers, if every text is one."""
    numbers = pd.to_numeric(values, errors="coerce")
    return numbers if numbers.notna().equals(values.notna()) else values


class Histories(Mapping[str, History]):
    """run_id → curves, each read when it is asked for."""

    def __init__(self, store: Store, runs: pd.DataFrame) -> None:
        self.store = store
        self.locations: dict[str, str] = dict(zip(runs["run_id"], runs["artifacts"], strict=True))

    def __getitem__(self, run_id: str) -> History:
        local = local_directory(self.locations[run_id])
        if local is not None:
            # Reading a local file directly is a hundred times faster than asking MLflow for it.
            file = local / CURVES
            if not file.exists():
                raise KeyError(run_id)
            return read_curves(file)
        with tempfile.TemporaryDirectory() as directory:
            try:
                file = Path(self.store.client.download_artifacts(run_id, CURVES, directory))
            except (OSError, MlflowException) as error:
                raise KeyError(run_id) from error
            return read_curves(file)

    def __iter__(self) -> Iterator[str]:
        return iter(self.locations)

    def __len__(self) -> int:
        return len(self.locations)


def has_experiment(store: Store, name: str) -> bool:
    """Whether there is an experiment of that name, and it isn't deleted."""
    found = store.client.get_experiment_by_name(name)
    return found is not None and found.lifecycle_stage == "active"
