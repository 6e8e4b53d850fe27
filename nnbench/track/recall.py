"""One tracked run, with everything that is needed to train it again and compare."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml
from mlflow.exceptions import MlflowException

from nnbench.config import ConfigError, RunConfig, as_config
from nnbench.record import History
from nnbench.track.artifacts import CONFIG, CURVES, read_curves
from nnbench.track.models import model_of
from nnbench.track.read import ENDED
from nnbench.track.store import Store


@dataclass(frozen=True)
class TrackedRun:
    """What a store holds of a run."""

    run_id: str
    experiment: str
    status: str
    """finished, diverged or failed."""
    reason: str
    config: RunConfig
    key: str
    data: str
    """Digest of its data; empty where they could not be loaded."""
    model: str
    """Id of the model that is kept with it, if there is one."""
    figures: dict[str, float]
    """The last value of every metric."""
    history: History | None


def recall(store: Store, run_id: str) -> TrackedRun:
    """The run of that id. Raises ConfigError if there is none, or it isn't one of nnbench's."""
    try:
        run = store.client.get_run(run_id)
    except MlflowException as error:
        raise ConfigError("run", run_id, f"no such run in {store.uri}") from error
    key = run.data.tags.get("nnbench.key")
    if key is None or run.info.status not in ENDED.values():
        raise ConfigError("run", run_id, "must be a training run that was logged to its end")
    with tempfile.TemporaryDirectory() as name:
        files = {file.path for file in store.client.list_artifacts(run_id)}
        for file in files & {CONFIG, CURVES}:
            store.client.download_artifacts(run_id, file, name)
        try:
            config = read_config(Path(name, CONFIG))
        except TypeError as error:
            allowed = "was logged by a version of nnbench that had other keys"
            raise ConfigError("run", run_id, allowed) from error
        history = read_curves(Path(name, CURVES)) if CURVES in files else None
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return TrackedRun(
        run_id=run_id,
        experiment=str(store.client.get_experiment(run.info.experiment_id).name),
        status=run.data.tags.get("nnbench.status", "failed"),
        reason=run.data.tags.get("nnbench.reason", ""),
        config=config,
        key=key,
        data=str(inputs[0].dataset.digest) if inputs else "",
        model=model_of(run),
        figures=dict(run.data.metrics),
        history=history,
    )


def read_config(file: Path) -> RunConfig:
    """The configuration that `write_config` wrote."""
    return as_config(yaml.safe_load(file.read_text("utf-8")))
