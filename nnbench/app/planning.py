"""Plans of jobs with a sweep's settings: runs, checkpoints and workers."""

from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from nnbench.app import forecast
from nnbench.app.phases import going_on
from nnbench.app.summary import tracked_scores
from nnbench.run.config import Job, RunConfig, SweepConfig
from nnbench.run.errors import ConfigError
from nnbench.run.result import RunResult
from nnbench.sweep.cluster import DaskPool
from nnbench.sweep.plan import Checkpoints, Plan, plan
from nnbench.sweep.pool import LocalPool, Pool
from nnbench.system.garbage import collection_paused
from nnbench.system.limits import allowing

CHECKPOINTS = Path("checkpoints")

Row: TypeAlias = Mapping[Hashable, Any]
"""Columns and values of a tracked run."""


@dataclass(frozen=True)
class Batch:
    """Runs that are to be trained, and the workers that will."""

    todo: Plan
    pool: Pool


def plan_of(jobs: Sequence[Job], sweep: SweepConfig, finished: Container[str]) -> Plan:
    """Plan of jobs, without the runs whose keys are among the `finished`."""
    settings = (
        (config, range(config.seed, config.seed + sweep.seeds))
        for job in jobs
        for config in job.settings
    )
    with going_on("Reading data"), collection_paused(), allowing(sweep.limits["memory"]):
        return plan(
            settings,
            forecast.workers_of(sweep),
            finished,
            checkpoints(sweep),
            models=keeps_models(sweep),
        )


def keeps_models(sweep: SweepConfig) -> bool:
    """True if runs keep their trained networks, of which the best may be registered."""
    return bool(sweep.tracking.option("model") or sweep.tracking.option("register"))


def checkpoints(sweep: SweepConfig) -> Checkpoints | None:
    """Settings of the checkpoints of stacks; None if the end of a run would not be tracked."""
    if sweep.checkpoint_every is None or sweep.tracking.name == "none" or not sweep.resume:
        return None
    return Checkpoints(CHECKPOINTS.absolute(), sweep.checkpoint_every)


def make_pool(sweep: SweepConfig, workers: int) -> Pool:
    """The configured workers. Raises ConfigError if they are unavailable."""
    backend, address = (sweep.launcher.option(key) for key in ("backend", "address"))
    if backend == "dask":
        return DaskPool(address, workers)
    if backend != "loky":
        raise ConfigError("launcher.backend", backend, "must be loky or dask")
    if address is not None:
        raise ConfigError("launcher.address", address, "needs launcher.backend=dask")
    return LocalPool(workers)


def tracked_results(todo: Plan, earlier: Mapping[str, Row]) -> dict[str, RunResult]:
    """Key → result of each run of a plan that was tracked before."""
    return {key: tracked_result(config, earlier[key]) for key, config in todo.finished.items()}


def tracked_result(config: RunConfig, row: Row) -> RunResult:
    """The result of a run that was tracked before, with what a summary needs."""
    final = tracked_scores(row)
    return RunResult(
        config, row["status"], None, final, seconds=row["seconds"], reason=row["reason"]
    )


def configs_of(todo: Plan) -> Iterator[RunConfig]:
    """All runs of a plan: those to train, those that have ended, and those without data."""
    for work in todo.work:
        yield from work.configs
    yield from todo.finished.values()
    yield from (result.config for result in todo.failed)
