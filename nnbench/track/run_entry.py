"""One run that is to be logged: plain data, so that it can wait in a file as well."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from nnbench.assembly.predictor import Trained
from nnbench.run.config import Scalar
from nnbench.run.result import RunResult
from nnbench.track.inputs import Source


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
    def started(self) -> int:
        """The moment at which training began: a stack trains all its runs at the same time."""
        return self.ended - int(1000 * self.result.seconds * self.result.stack_runs)

    @property
    def own_params(self) -> Mapping[str, Scalar]:
        """The settings that are logged with the run, all of them if no others are known."""
        if self.params is not None:
            return self.params
        return {key: v for key, v in self.result.config.flat().items() if v is not None}
