"""Runs written by requests to MLflow's client: to a server, or a database that we don't know."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnbench.track.entities import Metric, Param, Tag
from nnbench.track.failures import failures, failures_suppressed

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import DatasetInput


@dataclass(frozen=True)
class RequestedRun:
    """A run of which everything is written at once."""

    client: "MlflowClient"
    run_id: str
    artifact_uri: str

    def log(
        self,
        metrics: Sequence[Metric],
        params: Sequence[Param] = (),
        inputs: "Sequence[DatasetInput]" = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        if inputs:
            self.client.log_inputs(self.run_id, list(inputs))
        log_batch(self.client, self.run_id, metrics, params, tags)

    def end(self, status: str, time: int) -> None:
        self.client.set_terminated(self.run_id, status, time)


@dataclass(frozen=True)
class RequestWriter:
    """Writes runs by several requests each; a run that is cut off between two stays running."""

    client: "MlflowClient"

    @contextmanager
    def create(
        self, experiment_id: str, start_time: int, tags: Mapping[str, str]
    ) -> Iterator[RequestedRun]:
        run = self.client.create_run(experiment_id, start_time=start_time, tags=dict(tags))
        yield from self.open(str(run.info.run_id), str(run.info.artifact_uri))

    @contextmanager
    def reopen(self, run_id: str, artifact_uri: str) -> Iterator[RequestedRun]:
        yield from self.open(run_id, artifact_uri)

    def open(self, run_id: str, artifact_uri: str) -> Iterator[RequestedRun]:
        """A run, which is marked as killed if writing it is broken off."""
        try:
            yield RequestedRun(self.client, run_id, artifact_uri)
        except failures():
            # A store that fails would only fail once more on a request to close the run.
            raise
        except BaseException:
            with failures_suppressed():
                self.client.set_terminated(run_id, "KILLED")
            raise

    def amend(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        log_batch(self.client, run_id, metrics, params, tags)


def log_batch(
    client: "MlflowClient",
    run_id: str,
    metrics: Sequence[Metric],
    params: Sequence[Param],
    tags: Sequence[Tag],
) -> None:
    """Have a client log metrics, parameters and tags."""
    from mlflow import entities

    client.log_batch(
        run_id,
        [entities.Metric(*metric) for metric in metrics],
        [entities.Param(*param) for param in params],
        [entities.RunTag(*tag) for tag in tags],
    )
