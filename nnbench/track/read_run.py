"""One tracked run, with everything that is needed to train it again and compare."""

import re
from dataclasses import dataclass

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    ErrorCode,
)

from nnbench.run.config import RunConfig
from nnbench.run.errors import ConfigError
from nnbench.run.result import History
from nnbench.safety.redaction import redacted
from nnbench.system.archive import DamagedError
from nnbench.track.files import Files, OutsideError, files_of
from nnbench.track.models import model_of
from nnbench.track.read_runs import ENDED
from nnbench.track.run_files import CONFIG, CURVES, read_config, read_curves
from nnbench.track.run_records import fingerprint_of
from nnbench.track.store import Store

BEGINNING = re.compile(r"[0-9a-f]{4,31}")
"""The first characters of a run's id, such as the eight that tables show."""
CANDIDATES = 5
"""Runs that are named when several ids begin the same."""


@dataclass(frozen=True)
class TrackedRun:
    """A run as a store keeps it."""

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
    metrics: dict[str, float]
    """The last value of every metric."""
    history: History | None
    artifacts: str
    """The address of its files."""


def recall(store: Store, run_id: str) -> TrackedRun:
    """The run of an id, or of the beginning of one that no other run shares.

    Raises ConfigError if there is none, there are several, or it isn't one of nnbench's.
    """
    run_id = whole_id(store, run_id)
    try:
        run = store.client.get_run(run_id)
    except MlflowException as error:
        # MLflow refuses what no id can be, such as an empty one.
        codes = (RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE)
        if error.error_code not in map(ErrorCode.Name, codes):
            raise
        allowed = f"no such run in {store.uri}; an id, or at least its first 4 characters"
        raise ConfigError("run", run_id, allowed) from error
    key = run.data.tags.get("nnbench.key")
    if key is None or run.info.status not in ENDED.values():
        raise ConfigError("run", run_id, "must be a training run that was logged to its end")
    try:
        config, history = recall_files(files_of(store, run.info.artifact_uri))
    except (FileNotFoundError, OutsideError) as error:
        raise ConfigError("run", run_id, f"its files are missing: {error}") from error
    except TypeError as error:
        allowed = "its configuration has keys of another version of nnbench"
        raise ConfigError("run", run_id, allowed) from error
    except DamagedError as error:
        raise ConfigError("run", run_id, f"its files are damaged: {error}") from error
    sets = [tracked.dataset for tracked in run.inputs.dataset_inputs] if run.inputs else []
    return TrackedRun(
        run_id=run_id,
        experiment=str(store.client.get_experiment(run.info.experiment_id).name),
        status=run.data.tags.get("nnbench.status", "failed"),
        reason=redacted(run.data.tags.get("nnbench.reason", "")),
        config=config,
        key=key,
        data=fingerprint_of(sets[0].digest, sets[0].profile or "") if sets else "",
        model=model_of(run),
        metrics=dict(run.data.metrics),
        history=history,
        artifacts=str(run.info.artifact_uri),
    )


def whole_id(store: Store, beginning: str) -> str:
    """The id of the only run whose id begins so; what was given if there is none.

    Raises ConfigError if there are several.
    """
    if not BEGINNING.fullmatch(beginning):
        return beginning
    experiments = [experiment.experiment_id for experiment in store.client.search_experiments()]
    condition = f"attributes.run_id LIKE '{beginning}%'"
    runs = store.client.search_runs(experiments, condition, max_results=CANDIDATES + 1)
    ids = sorted(run.info.run_id for run in runs)
    if len(ids) > 1:
        more = ", …" if len(ids) > CANDIDATES else ""
        candidates = f"{', '.join(ids[:CANDIDATES])}{more}"
        raise ConfigError("run", beginning, f"must be the id of one run, not of {candidates}")
    return ids[0] if ids else beginning


def recall_files(files: Files) -> tuple[RunConfig, History | None]:
    """The configuration of a run and, if it was trained, its curves.

    Raises FileNotFoundError or OutsideError without a configuration, TypeError for other keys,
    DamagedError for anything else.
    """
    with files.fetched(CONFIG) as file:
        config = read_config(file)
    if CURVES not in files.names():
        return config, None
    with files.fetched(CURVES) as file:
        return config, read_curves(file)
