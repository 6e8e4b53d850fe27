"""The data of a run as MLflow's inputs: training, validation and test set, each with its digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from mlflow.data.schema import TensorDatasetSchema
from mlflow.entities import Dataset as Tracked
from mlflow.entities import DatasetInput, InputTag
from mlflow.types.schema import Schema, TensorSpec

from nnbench.data.dataset import Dataset
from nnbench.data.split import split
from nnbench.run.config import RunConfig
from nnbench.safety.redaction import redacted
from nnbench.track.context import context_tags
from nnbench.track.run_records import DATA_ROWS, FINGERPRINT
from nnbench.track.stored_text import as_mapping, storable

CONTEXTS = ("training", "validation", "test")
"""MLflow's contexts of the sets of a run."""


@dataclass(frozen=True)
class Source:
    """The data of a run, in a few words."""

    name: str
    digest: str
    source: str
    profile: str
    """Its size and task, as JSON."""
    file: str = ""
    """The file that it was read from, if any."""
    schema: str = ""
    """MLflow's schema of inputs and targets, as JSON."""
    sets: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Context of each set → its digest and its number of rows."""


def as_source(data: Dataset) -> Source:
    """The data of a run without its rows and sets."""
    profile: dict[str, object] = {
        DATA_ROWS: data.rows,
        "shape": list(data.x.shape[1:]),
        "outputs": data.outputs,
        "task": data.task,
        "chance": data.chance,
    }
    # What decides how many rows are left for training.
    if data.test_rows:
        profile["test_rows"] = data.test_rows
    if data.untested_classes:
        profile["untested_classes"] = data.untested_classes
    schemas = [Schema([TensorSpec(v.dtype, (-1, *v.shape[1:]))]) for v in (data.x, data.y)]
    schema = json.dumps(TensorDatasetSchema(*schemas).to_dict())
    return Source(data.name, data.fingerprint, data.source, json.dumps(profile), schema=schema)


class Sources:
    """The data of the runs of a sweep, with their sets; each is worked out once."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        """Data sets by the representation of the component."""
        self.sets: dict[object, Mapping[str, tuple[str, int]]] = {}
        """Sets by what decides a split."""

    def of(self, config: RunConfig, data: Dataset) -> Source:
        """The data of a run."""
        name = f"{config.dataset!r} {data.fingerprint}"
        if name not in self.sources:
            path = config.dataset.option("path")
            file = str(Path(path).resolve()) if isinstance(path, str) else ""
            self.sources[name] = replace(as_source(data), file=file)
        decisive = (name, config.seed, config.validation_size, config.test_size)
        if decisive not in self.sets:
            self.sets[decisive] = sets_of(config, data)
        return replace(self.sources[name], sets=self.sets[decisive])


def sets_of(config: RunConfig, data: Dataset) -> Mapping[str, tuple[str, int]]:
    """Digest and number of rows of each set of a run; none if their rows are too few."""
    try:
        rows = split(data, config.seed, config.validation_size, config.test_size)
    except ValueError:
        return {}
    return {
        context: (digest_of(data.fingerprint, numbers), len(numbers))
        for context, numbers in zip(CONTEXTS, (rows.train, rows.validation, rows.test), strict=True)
    }


def digest_of(fingerprint: str, rows: np.ndarray) -> str:
    """Digest of some rows of data: the same for the same rows, in whatever order."""
    digest = hashlib.sha256(fingerprint.encode())
    digest.update(np.sort(rows).astype(np.int64).tobytes())
    return digest.hexdigest()[:32]


def inputs(data: Source | None) -> list[DatasetInput]:
    """The sets of a run as MLflow shows them; without any, all its data as one."""
    if data is None:
        return []
    kind, source = location(data)
    whole = {**as_mapping(data.profile, (int, float, list, str)), FINGERPRINT: data.digest}
    # The sets' own numbers of rows bear the name that MLflow's UI shows.
    sets = {context: (digest, {"num_rows": n}) for context, (digest, n) in data.sets.items()}
    return [
        DatasetInput(
            Tracked(
                name=storable(data.name, 500),
                digest=digest,
                source_type=kind,
                source=storable(source),
                schema=data.schema or None,
                profile=json.dumps({**whole, **rows}),
            ),
            [InputTag("mlflow.data.context", context)],
        )
        for context, (digest, rows) in (sets or {"training": (data.digest, {})}).items()
    ]


def location(data: Source) -> tuple[str, str]:
    """Location of data as mlflow.data.get_source reads it: its kind, and the rest as JSON."""
    if data.file:
        return "local", json.dumps({"uri": redacted(data.file)})
    if data.source.startswith(("https://", "http://")):
        return "http", json.dumps({"url": redacted(data.source)})
    tags = {**context_tags(), "mlflow.source.name": redacted(data.source)}
    return "code", json.dumps({"tags": tags})
