"""The way of one sweep: plan, train, track, report."""

from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any

import pandas as pd

from nnbench.app import forecast, terminal
from nnbench.app.reporting import check_report, publish_report, report_on, settled, with_store
from nnbench.app.summary import Summary, show_summary
from nnbench.data.cautions import notes
from nnbench.options.allowed import override
from nnbench.run.config import Job, RunConfig, SweepConfig, flatten
from nnbench.run.errors import ConfigError, InvalidRunError, RunsFailedError, RunsWaitingError
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.result import RunResult
from nnbench.sweep.cluster import DaskPool
from nnbench.sweep.execute import execute
from nnbench.sweep.plan import Checkpoints, Plan, plan
from nnbench.sweep.pool import LocalPool, Pool
from nnbench.system.garbage import collection_paused
from nnbench.system.interrupt import InterruptedSweepError, interruptible, signals_raise
from nnbench.system.limits import allowing
from nnbench.track.orphans import remove_orphans
from nnbench.track.process import close_dead_runs
from nnbench.track.read_runs import has_experiment, read_runs
from nnbench.track.skipped import is_known
from nnbench.track.store import open_store, probe, readable, store_exists
from nnbench.track.sweeps import TrackedSweep, read_sweeps
from nnbench.track.sync import sync
from nnbench.track.tracker import Tracker, track_sweep
from nnbench.track.untracked import Untracked
from nnbench.training.checkpoint import remove_needless

CHECKPOINTS = Path("checkpoints")


def run_sweep(jobs: Sequence[Job], command: str, refusals: Sequence[InvalidRunError] = ()) -> float:
    """Train all runs of all jobs, log them as one sweep, and write the report.

    `refusals` has an error for each job that is skipped, since it can't be. Runs that are tracked
    already are left out. Returns the mean validation error (1 − accuracy or 1 − R²), infinite if a
    run was lost. Raises ConfigError before anything is written; RunsFailedError at the end if any
    run failed, RunsWaitingError if any could not be logged, InterruptedSweepError if a signal came.
    """
    if not jobs:
        raise ConfigError("-m", command, "these words describe no job at all")
    sweep = shared_settings(jobs)
    tracked, sweeps = read_tracked(sweep)
    # A failed run is worth another try.
    earlier = {row["key"]: row for row in tracked if sweep.resume and row["status"] != "failed"}
    todo = plan_of(jobs, sweep, earlier, refusals)
    estimate = forecast.forecast(todo, sweep)
    trained = [config for work in todo.work for config in work.configs]
    if sweep.plan:
        terminal.show_data(notes(todo.data, trained))
        forecast.show(estimate, todo, sweep)
        return inf
    forecast.refuse_excess(estimate, todo, sweep)
    sweep = settled(sweep, todo, tracked, sweeps)
    check_report(sweep, todo, tracked)
    pool = make_pool(sweep, estimate.workers)
    summary = Summary(todo.skipped)
    for key, config in todo.finished.items():
        summary.add_earlier(tracked_result(config, earlier[key]))
    terminal.show_data(notes(todo.data, trained))
    terminal.show_damaged(todo.damaged)
    with interruptible() as interruption, track(sweep, command, todo) as tracker:
        train(todo, pool, tracker, summary, interruption, weights=keeps_models(sweep))
        if not interruption():
            # The store may answer again by now.
            tracker.recover()
        show_summary(summary)
        if sweep.tracking.name != "none":
            remove_needless(CHECKPOINTS.absolute(), todo.finished)
        if tracker.kept:
            report_words = ["report", override("experiment", sweep.experiment)]
            commands = [with_store(words, sweep) for words in (["sync"], report_words)]
            terminal.show_kept(tracker.kept, tracker.outbox, tracker.trouble, *commands)
        # Nothing is logged any more, so that a signal need not wait.
        with signals_raise(InterruptedSweepError):
            interruption.check()
            if tracker.store is not None and sweep.report and not tracker.failing:
                report = report_on(tracker.store, sweep)
                trouble = publish_report(tracker.store, sweep, report, tracker.sweep_id)
                terminal.show_report(report.page, with_store(["ui"], sweep), trouble)
    if tracker.kept:
        raise RunsWaitingError(f"{tracker.kept} runs could not be logged and wait in the outbox")
    if summary.failed:
        raise RunsFailedError(f"{summary.failed} of {len(todo.failed) + todo.runs} runs failed")
    return summary.validation_error()


def plan_of(
    jobs: Sequence[Job],
    sweep: SweepConfig,
    finished: Container[str],
    refusals: Sequence[InvalidRunError],
) -> Plan:
    """What there is to do. Raises the first reason there is, if no run at all can be trained."""
    settings = ((config, job.seeds) for job in jobs for config in job.settings)
    with terminal.planning(), collection_paused(), allowing(sweep.limits["memory"]):
        todo = plan(
            settings,
            forecast.workers_of(sweep),
            finished,
            checkpoints(sweep),
            models=keeps_models(sweep),
        )
    # What a job that can't be would have had: these are settings of the sweep.
    runs_of_job = sweep.seeds * (sweep.search or 1)
    todo.refusals += [error for error in refusals for _ in range(runs_of_job)]
    if not todo.work and not todo.finished:
        raise next(error for error in [*todo.data_errors.values(), *todo.refusals] if error)
    return todo


def train(
    todo: Plan,
    pool: Pool,
    tracker: Tracker | Untracked,
    summary: Summary,
    stopped: Callable[[], bool],
    *,
    weights: bool,
) -> None:
    """Train all runs that are to be trained, and log each as soon as it has ended."""
    if pool.directory is not None:
        todo.share(pool.directory)
    with terminal.progress_bar(len(todo.failed) + todo.runs) as advance:

        def show(result: RunResult) -> None:
            key = todo.key(result.config)
            tracker.show(result, key, todo.dataset(result.config))
            advance(key, result.share)

        work = [replace(item, weights=weights) for item in todo.work]
        results = execute(work, pool, stopped, show)
        for result in chain(todo.failed, chain.from_iterable(results)):
            key = todo.key(result.config)
            tracker.log(result, key, todo.dataset(result.config))
            summary.add(result)
            todo.finished[key] = result.config
            advance(key, 1)


def keeps_models(sweep: SweepConfig) -> bool:
    """Whether runs keep their trained networks."""
    return bool(sweep.tracking.option("model"))


def make_pool(sweep: SweepConfig, workers: int) -> Pool:
    """The workers that the settings ask for. Raises ConfigError if they can't be had."""
    backend, address = (sweep.launcher.option(key) for key in ("backend", "address"))
    if backend == "dask":
        return DaskPool(address, workers)
    if backend != "loky":
        raise ConfigError("launcher.backend", backend, "must be loky or dask")
    if address is not None:
        raise ConfigError("launcher.address", address, "needs launcher.backend=dask")
    return LocalPool(workers)


def checkpoints(sweep: SweepConfig) -> Checkpoints | None:
    """Where stacks keep their state; nowhere if nobody will know that they have finished."""
    if sweep.checkpoint_every is None or sweep.tracking.name == "none" or not sweep.resume:
        return None
    return Checkpoints(CHECKPOINTS.absolute(), sweep.checkpoint_every)


def read_tracked(
    sweep: SweepConfig,
) -> tuple[Sequence[Mapping[Hashable, Any]], Sequence[TrackedSweep]]:
    """Log what earlier sweeps could not; a row of every run of the experiment, and its sweeps."""
    uri = sweep.tracking.option("uri")
    if sweep.tracking.name == "none":
        return [], []
    if not store_exists(uri):
        # Before anything is estimated of one that can't be made.
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


def tracked_result(config: RunConfig, row: Mapping[Hashable, Any]) -> RunResult:
    """The result of a run that was tracked before, as far as a summary needs it."""
    names = [
        f"{part}_{metric}" for part in ("best_validation", "test") for metric in OBJECTIVE.values()
    ]
    final = {name: float(row[name]) for name in names if pd.notna(row.get(name))}
    return RunResult(config, row["status"], None, final, row["seconds"], row["reason"])


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


@contextmanager
def track(sweep: SweepConfig, command: str, todo: Plan) -> Iterator[Tracker | Untracked]:
    """What logs the runs of a sweep, if there are any to log."""
    if sweep.tracking.name == "none":
        yield Untracked()
        return
    store = open_store(sweep.tracking.option("uri"), create=True)
    if not todo.work and not todo.failed:
        with readable(store):
            # What is skipped for the first time is told even if all the others had been trained.
            nothing_new = is_known(todo.skipped, store, sweep.experiment)
        if nothing_new:
            yield Untracked(store)
            return
    with track_sweep(
        store,
        sweep.experiment,
        flatten(sweep),
        command,
        again=not sweep.resume,
        skipped=todo.skipped,
    ) as tracker:
        yield tracker
