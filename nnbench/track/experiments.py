"""Experiments: found by their name, and made if they are new."""

from pathlib import Path

from nnbench.track.address import is_server
from nnbench.track.store import Store

TAGS = {"mlflow.experimentKind": "custom_model_development"}
"""The opposite, to MLflow, of an experiment with language models."""


def get_or_create_experiment(store: Store, name: str) -> str:
    """The id of an experiment; a new one keeps its artifacts beside an SQLite store.

    A deleted one of that name stays deleted, with its runs, under another name. The store's lock
    must be held.
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
    return str(client.create_experiment(name, artifact_location(store), tags=TAGS))


def artifact_location(store: Store) -> str | None:
    """Where the artifacts of a new experiment go: a server knows, a database has to be told.

    MLflow's default is resolved against the directory of whoever creates the experiment.
    """
    if is_server(store.uri):
        return None
    beside = store.file.parent if store.file is not None else Path.cwd()
    return (beside / "mlartifacts").as_uri()
