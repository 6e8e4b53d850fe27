"""Experiments: found by their name, and made if they are new."""

from mlflow.entities import Experiment

from nnbench.run.errors import ConfigError
from nnbench.track.address import is_server
from nnbench.track.files import OutsideError, files_of, root_of
from nnbench.track.relocate import relocate
from nnbench.track.store import Store

TAGS = {"mlflow.experimentKind": "custom_model_development"}
"""The opposite, to MLflow, of an experiment with language models."""


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


def keep_below_root(store: Store, experiment: Experiment) -> None:
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
