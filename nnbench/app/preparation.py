"""Preparation of a sweep: what is tracked already, what there is to train, and by whom."""

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from nnbench.app import forecast, seed_planning, terminal
from nnbench.app.reporting import check_report, settled
from nnbench.app.summary import Summary
from nnbench.data.cautions import notes
from nnbench.run.config import Job, RunConfig, SweepConfig, flatten
from nnbench.run.errors import ConfigError, InvalidRunError
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.result import RunResult
from nnbench.sweep.cluster import DaskPool
from nnbench.sweep.plan import Checkpoints, Plan, plan
from nnbench.sweep.pool import LocalPool, Pool
from nnbench.system.garbage import collection_paused
from nnbench.system.limits import allowing
from nnbench.track.orphans import remove_orphans
from nnbench.track.process import close_dead_runs
from nnbench.track.read_runs import has_experiment, read_runs
from nnbench.track.store import open_store, probe, readable, store_exists
from nnbench.track.sweeps import TrackedSweep, read_sweeps
from nnbench.track.sync import sync

CHECKPOINTS = Path("checkpoints")


@dataclass(frozen=True)
class Preparation:
    """A sweep that can begin: nothing of it has been trained or written."""

    sweep: SweepConfig
    todo: Plan
    pool: Pool
    summary: Summary
    """With the runs that were tracked earlier."""


def prepare(
    jobs: Sequence[Job], command: str, refusals: Sequence[InvalidRunError]
) -> Preparation | None:
    """Plan a sweep, and refuse an invalid one; None if only the plan is printed.

    Raises ConfigError before anything is written.
    """
    if not jobs:
        raise ConfigError("-m", command, "the sweep has no runs")
    sweep = shared_settings(jobs)
    tracked, sweeps = read_tracked(sweep)
    # A failed run is worth another try.
    earlier = {row["key"]: row for row in tracked if sweep.resume and row["status"] != "failed"}
    todo = plan_of(jobs, sweep, earlier, refusals)
    estimate = forecast.forecast(todo, sweep)
    exceeds = forecast.excess(estimate, todo, sweep)
    families = [] if exceeds else seed_planning.families_of(sweep, todo, tracked, sweeps)
    if sweep.quick:
        preview = seed_planning.with_enough_seeds(sweep, families, estimate)
        # It is tracked with the numbers that it comes to.
        sweep, fewer = replace(preview, quick=False), sweep.seeds
        if sweep.seeds > fewer:
            todo = plan_of(jobs, sweep, earlier, refusals)
            estimate = forecast.forecast(todo, sweep)
    if sweep.plan:
        show_cautions(todo)
        forecast.show(estimate, todo, sweep)
        seed_planning.show(families, sweep, command)
        return None
    forecast.refuse_excess(estimate, todo, sweep)
    sweep = settled(sweep, todo, tracked, sweeps)
    check_report(sweep, todo, tracked)
    pool = make_pool(sweep, estimate.workers)
    summary = Summary(todo.skipped)
    for key, config in todo.finished.items():
        summary.add_earlier(tracked_result(config, earlier[key]))
    show_cautions(todo)
    if todo.runs:
        seed_planning.show(families, sweep, command)
    terminal.show_damaged(todo.damaged)
    return Preparation(sweep, todo, pool, summary)


def show_cautions(todo: Plan) -> None:
    """Print notes on the training data."""
    trained = [config for work in todo.work for config in work.configs]
    terminal.show_data(notes(todo.data, trained))


def shared_settings(jobs: Sequence[Job]) -> SweepConfig:
    """The settings that all jobs of a sweep have in common; ConfigError if they differ."""
    first = jobs[0].sweep
    for job in jobs:
        if job.sweep == first:
            continue
        for key, value in flatten(job.sweep).items():
            if value != flatten(first).get(key):
                raise ConfigError(key, value, "must be the same for all jobs of a sweep")
    return first


def read_tracked(
    sweep: SweepConfig,
) -> tuple[Sequence[Mapping[Hashable, Any]], Sequence[TrackedSweep]]:
    """Log what earlier sweeps could not; a row of every run of the experiment, and its sweeps."""
    uri = sweep.tracking.option("uri")
    if sweep.tracking.name == "none":
        return [], []
    if not store_exists(uri):
        # Before anything is estimated for an invalid one.
        probe(uri, create=True)
        return [], []
    store = open_store(uri)
    if not sweep.plan:
        # First, since what waits in the outbox has been trained, too.
        terminal.show_synced(sync(store))
    with readable(store):
        if not has_experiment(store, sweep.experiment):
            return [], []
        if not sweep.plan:
            close_dead_runs(store, sweep.experiment)
            remove_orphans(store)
        runs = read_runs(store, sweep.experiment).to_dict("records")
        return runs, read_sweeps(store, sweep.experiment)


def plan_of(
    jobs: Sequence[Job],
    sweep: SweepConfig,
    finished: Container[str],
    refusals: Sequence[InvalidRunError],
) -> Plan:
    """Plan of the sweep. Raises the first reason if no run at all can be trained."""
    settings = (
        (config, range(config.seed, config.seed + sweep.seeds))
        for job in jobs
        for config in job.settings
    )
    with terminal.planning(), collection_paused(), allowing(sweep.limits["memory"]):
        todo = plan(
            settings,
            forecast.workers_of(sweep),
            finished,
            checkpoints(sweep),
            models=keeps_models(sweep),
        )
    # The settings of the sweep, for jobs that are invalid.
    runs_of_job = sweep.seeds * (sweep.search or 1)
    todo.refusals += [error for error in refusals for _ in range(runs_of_job)]
    if not todo.work and not todo.finished:
        raise next(error for error in [*todo.data_errors.values(), *todo.refusals] if error)
    return todo


def keeps_models(sweep: SweepConfig) -> bool:
    """True if runs keep their trained networks."""
    return bool(sweep.tracking.option("model"))


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


def tracked_result(config: RunConfig, row: Mapping[Hashable, Any]) -> RunResult:
    """The result of a run that was tracked before, with what a summary needs."""
    names = [
        f"{prefix}_{metric}"
        for prefix in ("best_validation", "test")
        for metric in OBJECTIVE.values()
    ]
    final = {name: float(row[name]) for name in names if pd.notna(row.get(name))}
    return RunResult(config, row["status"], None, final, row["seconds"], row["reason"])
