"""The protocol of whatever writes runs into a store."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from nnbench.track.entities import Metric, Param, Tag

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput


class OpenRun(Protocol):
    """A run that is being written."""

    @property
    def run_id(self) -> str:
        """MLflow's name of it."""

    @property
    def artifact_uri(self) -> str:
        """The address of its files."""

    def log(
        self,
        metrics: Sequence[Metric],
        params: Sequence[Param] = (),
        inputs: "Sequence[DatasetInput]" = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        """Write what has not been written before."""

    def end(self, status: str, time: int) -> None:
        """Write that the run has ended, in milliseconds since the epoch."""


class Writer(Protocol):
    """Writes runs; whatever it raises, no run is left that looks whole and isn't."""

    def create(
        self, experiment_id: str, start_time: int, tags: Mapping[str, str]
    ) -> AbstractContextManager[OpenRun]:
        """A new run, which is running."""

    def reopen(self, run_id: str, artifact_uri: str) -> AbstractContextManager[OpenRun]:
        """A run that was created before and is still running."""

    def amend(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        """Add to a run, whether it has ended or not: newer points, parameters, and tags.

        Tags take the place of those of the same name.
        """
