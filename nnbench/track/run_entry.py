"""One run that is to be logged: plain data, so that it can wait in a file as well."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from nnbench.assembly.predictor import Trained
from nnbench.data.dataset import Dataset
from nnbench.run.config import Scalar
from nnbench.run.result import RunResult


@dataclass(frozen=True)
class Source:
    """The data of a run, in a few words."""

    name: str
    digest: str
    source: str
    profile: str
    """Its size and task, as JSON."""


@dataclass(frozen=True)
class Entry:
    """One run that has ended, and where it belongs."""

    result: RunResult
    key: str
    data: Source | None
    experiment: str
    sweep_id: str
    again: bool = False
    """Log it even if a run of its key is tracked already."""
    ended: int = field(default_factory=lambda: int(1000 * time.time()))
    """Milliseconds since the epoch."""
    token: str = field(default_factory=lambda: uuid4().hex)
    """A name by which the run is found again when it is not known whether it was logged."""
    model: Trained | None = None
    """The trained network, if it is to be kept."""
    params: Mapping[str, Scalar] | None = None
    """The settings that the sweep's parent run hasn't got; None for all."""

    @property
    def own_params(self) -> Mapping[str, Scalar]:
        """The settings that are logged with the run, all of them if no others are known."""
        if self.params is not None:
            return self.params
        return {key: v for key, v in self.result.config.flat().items() if v is not None}


def as_source(data: Dataset) -> Source:
    """The data of a run without its rows."""
    profile = (
        f'{{"rows": {data.rows}, "shape": {list(data.x.shape[1:])}, '
        f'"outputs": {data.outputs}, "task": "{data.task}", "chance": {data.chance!r}'
    )
    # What decides how many rows are left for training.
    profile += f', "test_rows": {data.test_rows}' if data.test_rows else ""
    if data.untested_classes:
        profile += f', "untested_classes": {data.untested_classes}'
    profile += "}"
    return Source(data.name, data.fingerprint, data.source, profile)
