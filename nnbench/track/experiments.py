"""Experiments: found by their name, and made if they are new."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from nnbench.run.errors import ConfigError
from nnbench.track.address import is_server
from nnbench.track.files import OutsideError, files_of, root_of
from nnbench.track.mlflow_tables import EXPERIMENTS, WORKSPACE
from nnbench.track.relocate import relocate
from nnbench.track.run_records import read_records
from nnbench.track.store import Store

if TYPE_CHECKING:
    from mlflow.entities import Experiment

TAGS = {"mlflow.experimentKind": "custom_model_development"}
"""The opposite, to MLflow, of an experiment with language models."""

UNUSED = "0"
"""Id of the experiment `Default`, which MLflow creates in every store."""

NAMED = 50
"""Experiments that an error names at most."""

KEY = "nnbench.key"
"""Tag of a run of nnbench, as opposed to the parent run of a sweep."""


@dataclass(frozen=True)
class StoredExperiment:
    """An experiment as a store has it."""

    experiment_id: str
    lifecycle_stage: str
    """active or deleted."""


def find_experiment(store: Store, name: str) -> StoredExperiment | None:
    """The experiment of a name, even a deleted one; None if there is none."""
    if store.engine is None:
        stored = store.client.get_experiment_by_name(name)
        if stored is None:
            return None
        return StoredExperiment(str(stored.experiment_id), str(stored.lifecycle_stage))
    query = select(EXPERIMENTS.c.experiment_id, EXPERIMENTS.c.lifecycle_stage).where(
        EXPERIMENTS.c.name == name, EXPERIMENTS.c.workspace == WORKSPACE
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return row and StoredExperiment(str(row.experiment_id), str(row.lifecycle_stage))


def experiment_id(store: Store, experiment: str) -> str:
    """MLflow's name of an experiment. Raises ConfigError if there is none."""
    stored = find_experiment(store, experiment)
    if stored is None:
        names = ", ".join(sorted(experiment_names(store))) or "none"
        allowed = f"no such experiment in {store.uri}; it has {names}"
        raise ConfigError("experiment", experiment, allowed)
    return stored.experiment_id


def experiment_names(store: Store) -> list[str]:
    """The names of a store's experiments, of many only the newest; not that of an unused one."""
    if store.engine is None:
        order = ["experiment_id DESC"]
        listed = store.client.search_experiments(max_results=NAMED, order_by=order)
        experiments = [(str(stored.experiment_id), str(stored.name)) for stored in listed]
    else:
        query = (
            select(EXPERIMENTS.c.experiment_id, EXPERIMENTS.c.name)
            .where(EXPERIMENTS.c.lifecycle_stage == "active", EXPERIMENTS.c.workspace == WORKSPACE)
            .order_by(EXPERIMENTS.c.experiment_id.desc())
            .limit(NAMED)
        )
        with store.engine.connect() as connection:
            experiments = [(str(row[0]), row[1]) for row in connection.execute(query)]
    return [name for identity, name in experiments if identity != UNUSED or has_runs(store)]


def has_runs(store: Store) -> bool:
    """True if the experiment `Default` has runs of nnbench."""
    return next(read_records(store, UNUSED, KEY), None) is not None


def has_experiment(store: Store, name: str) -> bool:
    """True if an experiment of that name exists and isn't deleted."""
    stored = find_experiment(store, name)
    return stored is not None and stored.lifecycle_stage == "active"


def get_or_create_experiment(store: Store, name: str) -> str:
    """The id of an experiment; a new one keeps its artifacts beside an SQLite store.

    A deleted one of that name stays deleted, with its runs, under another name. The store's lock
    must be held. Raises ConfigError if the experiment keeps its artifacts where they may not be.
    """
    client = store.client
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        if experiment.lifecycle_stage != "deleted":
            keep_below_root(store, experiment)
            return str(experiment.experiment_id)
        # MLflow renames nothing that is deleted.
        client.restore_experiment(experiment.experiment_id)
        client.rename_experiment(
            experiment.experiment_id, f"{name} (deleted {experiment.experiment_id})"
        )
        client.delete_experiment(experiment.experiment_id)
    identity = client.create_experiment(name, artifact_location(store), tags=TAGS)
    keep_below_root(store, client.get_experiment(identity))
    return str(identity)


def artifact_location(store: Store) -> str | None:
    """The place for artifacts of a new experiment: a server knows, a database has to be told.

    MLflow's default is resolved against the directory in which the experiment is created.
    """
    return None if is_server(store.uri) else root_of(store)


def keep_below_root(store: Store, experiment: "Experiment") -> None:
    """See that new files of an experiment go below the artifact root.

    Beside an SQLite file they do, wherever the experiment kept them before. Users of other stores
    may have other roots and have to name theirs. Raises ConfigError.
    """
    if store.file is not None:
        relocate(store, experiment.experiment_id)
        experiment = store.client.get_experiment(experiment.experiment_id)
    try:
        files_of(store, f"{experiment.artifact_location}/files")
    except OutsideError as error:
        raise ConfigError("experiment", experiment.name, str(error)) from error
