"""MLflow's model registry: the models of a sweep's best runs, as versions of a registered model."""

import json
from collections.abc import Mapping

from mlflow.entities import LoggedModel
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode
from mlflow.utils.mlflow_tags import MLFLOW_MODEL_VERSIONS

from nnbench.run.errors import ConfigError
from nnbench.run.result import BestSetting
from nnbench.track.experiments import experiment_id
from nnbench.track.failures import failures, in_a_line
from nnbench.track.models import model_of
from nnbench.track.store import Store
from nnbench.track.stored_text import storable

REGISTER = "tracking.register"
"""The key that names the registered model."""


def register_best(
    store: Store, experiment: str, name: str, best: Mapping[str, BestSetting]
) -> dict[str, int]:
    """Data set → the version of the registered model `name` that its best run's model is.

    A model that is a version already stays that one. Raises ConfigError, with nothing registered,
    if a best run has no model; and if the store fails.
    """
    try:
        models = {
            data: best_model(store, experiment, name, setting) for data, setting in best.items()
        }
        make_registered_model(store, name)
        return {
            data: version_of(store, name, model, data, best[data]) for data, model in models.items()
        }
    except ConfigError:
        raise
    except failures() as error:
        raise ConfigError(REGISTER, name, f"registering failed: {in_a_line(error)}") from None


def best_model(store: Store, experiment: str, name: str, setting: BestSetting) -> LoggedModel:
    """The model of a setting's best run. Raises ConfigError if it has none."""
    runs = store.client.search_runs(
        [experiment_id(store, experiment)],
        f"tags.`nnbench.key` = '{setting.key}' AND attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
    )
    for run in runs:
        if model_id := model_of(run):
            return store.client.get_logged_model(model_id)
    if runs:
        allowed = "the best run was tracked without its model; resume=false trains it again"
    else:
        allowed = "the best run is not in the store"
    raise ConfigError(REGISTER, name, allowed)


def make_registered_model(store: Store, name: str) -> None:
    """Make a registered model of a name unless there is one."""
    try:
        store.client.create_registered_model(name)
    except MlflowException as error:
        # The same is said of a prompt of that name, which refuses versions.
        if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
            raise
        store.client.get_registered_model(name)


def version_of(store: Store, name: str, model: LoggedModel, data: str, setting: BestSetting) -> int:
    """The version of the registered model that a model is from now on, or has been."""
    registered = [
        version
        for version in store.client.search_model_versions(f"run_id='{model.source_run_id}'")
        if version.source == model.artifact_location
    ]
    for version in registered:
        if version.name == name:
            return int(version.version)
    # By its address, since MLflow would look for the model itself in its own default store.
    version = store.client.create_model_version(
        name,
        model.artifact_location,
        run_id=model.source_run_id,
        tags={"nnbench.dataset": storable(data), "nnbench.setting": storable(setting.words)},
        description=storable(f"{data}: {setting.words}, mean {setting.metric} {setting.score:.4g}"),
        model_id=model.model_id,
    )
    # As mlflow.register_model does, so that the model's page shows it.
    versions = [{"name": v.name, "version": int(v.version)} for v in [*registered, version]]
    store.client.set_logged_model_tags(
        model.model_id, {MLFLOW_MODEL_VERSIONS: json.dumps(versions)}
    )
    return int(version.version)
