"""The way of one sweep: prepare, train, extend the grid, report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import chain
from math import inf
from typing import Any

from nnbench.app import terminal
from nnbench.app.grid_extension import Extension
from nnbench.app.phases import phase
from nnbench.app.planning import CHECKPOINTS, Batch, configs_of, keeps_models
from nnbench.app.preparation import Preparation, prepare
from nnbench.app.report_words import with_store
from nnbench.app.reporting import ask, publish_report, report_on, unchanged_report
from nnbench.app.summary import Summary
from nnbench.app.summary_table import show_summary
from nnbench.app.training_view import training_view
from nnbench.options.overrides import override
from nnbench.run.config import Job, SweepConfig, flatten
from nnbench.run.errors import ConfigError, InvalidRunError, RunsFailedError, RunsWaitingError
from nnbench.run.result import BestSetting, RunResult
from nnbench.sweep.execute import Queue, begin, execute
from nnbench.system.interrupt import InterruptedSweepError, interruptible, signals_raise
from nnbench.system.limits import count_text
from nnbench.track.job_files import log_jobs
from nnbench.track.publish_report import publish_best
from nnbench.track.registry import register_best
from nnbench.track.shared_view import share_view
from nnbench.track.skipped import is_known
from nnbench.track.store import Store, open_store, readable, store_exists
from nnbench.track.system_metrics import monitored
from nnbench.track.tracker import Tracker, track_sweep
from nnbench.track.untracked import Untracked
from nnbench.training.checkpoint import remove_needless


def run_sweep(jobs: Sequence[Job], command: str, refusals: Sequence[InvalidRunError] = ()) -> float:
    """Train all runs of all jobs, log them as one sweep, and write the report.

    `refusals` has an error for each job that is skipped, since it is invalid. Runs that are tracked
    already are left out. Returns the mean validation error (1 − accuracy or 1 − R²), infinite if a
    run diverged or failed. Raises ConfigError before anything is written; RunsFailedError at the
    end if any run failed, RunsWaitingError if any could not be logged, InterruptedSweepError if a
    signal came.
    """
    prepared = prepare(jobs, command, refusals)
    if prepared is None:
        return inf
    run_prepared(prepared, command)
    summary = prepared.summary
    if summary.failed:
        runs = count_text(summary.trained, "run")
        raise RunsFailedError(f"{summary.failed} of {runs} failed")
    return summary.validation_error()


def run_prepared(
    prepared: Preparation, command: str, joint: Mapping[str, str] | None = None
) -> None:
    """Train and log the runs of a sweep that can begin, and write the report.

    `joint` has the tags of a sweep of which these runs are only some. Raises as `run_sweep` does,
    except where runs failed.
    """
    sweep, summary, extension = prepared.sweep, prepared.summary, prepared.extension
    batch: Batch | None = prepared.first
    with (
        interruptible() as interruption,
        # Workers train while the store is made.
        handed_out(prepared.first, sweep) as first,
        track(prepared, command, joint) as tracker,
    ):
        queue = first
        while batch is not None:
            train(batch, queue, tracker, summary, extension, interruption)
            batch = None if interruption() else extension.next(summary)
            if batch is not None:
                queue = hand_out(batch, sweep)
        if not interruption():
            # The store may answer again by now.
            tracker.recover()
        best = {}
        if joint is None:
            show_summary(summary)
            best = summary.best()
        if best and isinstance(tracker, Tracker) and not tracker.failing:
            show_in_store(tracker.store, tracker.sweep_id, tracker.experiment_id, summary, best)
        if sweep.tracking.name != "none":
            remove_needless(CHECKPOINTS.absolute(), extension.finished)
        show_waiting(tracker, sweep)
        # Nothing is logged any more, so that a signal need not wait.
        with signals_raise(InterruptedSweepError):
            interruption.check()
            if joint is None:
                report(tracker, sweep)
                register(tracker, sweep, best)
    if tracker.unlogged:
        runs = count_text(tracker.unlogged, "run")
        raise RunsWaitingError(f"{runs} could not be logged; saved in the outbox")


@contextmanager
def handed_out(batch: Batch, sweep: SweepConfig) -> Iterator[Queue]:
    """The stacks of a batch, in training from now on, until anything goes wrong."""
    try:
        yield hand_out(batch, sweep)
    except BaseException:
        batch.pool.close()
        raise


def hand_out(batch: Batch, sweep: SweepConfig) -> Queue:
    """The stacks of a batch, of which workers train the first from now on."""
    todo, pool = batch.todo, batch.pool
    if pool.directory is not None:
        todo.share(pool.directory)
    return begin([replace(item, weights=keeps_models(sweep)) for item in todo.work], pool)


def train(
    batch: Batch,
    queue: Queue,
    tracker: Tracker | Untracked,
    summary: Summary,
    extension: Extension,
    stopped: Callable[[], bool],
) -> None:
    """Train all runs that are to be trained, and log each as soon as it has ended."""
    todo = batch.todo
    with training_view(summary, todo) as view:

        def show(result: RunResult) -> None:
            key = todo.key(result.config)
            tracker.show(result, key, todo.dataset(result.config))
            view.advance(key, result.share)

        results = execute(queue, stopped, show)
        for result in chain(todo.failed, chain.from_iterable(results)):
            key = todo.key(result.config)
            data = todo.dataset(result.config)
            tracker.log(result, key, data)
            summary.add(result, key)
            chance = data.chance if data else None
            row: dict[Any, Any] = {**result.final, "chance": chance}
            extension.add(result.config, result.status, result.history, row)
            todo.finished[key] = result.config
            view.advance(key)
            view.end(result)


def show_waiting(tracker: Tracker | Untracked, sweep: SweepConfig) -> None:
    """Name the commands that log and report the runs that wait in the outbox, if any do."""
    if tracker.unlogged:
        report_words = ["report", override("experiment", sweep.experiment)]
        commands = [with_store(words, sweep) for words in (["sync"], report_words)]
        terminal.show_kept(tracker.unlogged, tracker.outbox, tracker.trouble, *commands)


def report(tracker: Tracker | Untracked, sweep: SweepConfig) -> None:
    """Write the report of the experiment, if it is wanted and the store answers.

    One that writing would not change is left as it is.
    """
    store = tracker.store
    if store is None or not sweep.report or tracker.failing:
        return
    asked = ask(store, sweep)
    unchanged = unchanged_report(sweep, asked) if isinstance(tracker, Untracked) else None
    if unchanged is not None:
        terminal.say("The report is up to date", highlight=False)
        terminal.show_report(unchanged, with_store(["ui"], sweep))
        return
    with phase("Writing the report"):
        written = report_on(store, sweep, asked)
        trouble = publish_report(store, sweep, written, tracker.sweep_id)
    terminal.show_report(written, with_store(["ui"], sweep), trouble)


def show_in_store(
    store: Store,
    sweep_id: str,
    experiment_id: str,
    summary: Summary,
    best: Mapping[str, BestSetting],
) -> None:
    """Put a sweep's best settings with its parent run, and its view with the experiment."""
    publish_best(store, sweep_id, best)
    share_view(store, experiment_id, summary.varied(), summary.settings, best)


def register(
    tracker: Tracker | Untracked, sweep: SweepConfig, best: Mapping[str, BestSetting]
) -> None:
    """Register the models of the best runs, if a name is given and the store answers.

    Raises ConfigError if registering fails.
    """
    name = sweep.tracking.option("register")
    if name is None or tracker.store is None or tracker.failing:
        return
    if not best:
        raise ConfigError("tracking.register", name, "no run has finished whose model is the best")
    with phase("Registering models"):
        versions = register_best(tracker.store, sweep.experiment, name, best)
    for data, version in versions.items():
        terminal.say(f"Registered {name} version {version}: {data}, {best[data].words}")


@contextmanager
def track(
    prepared: Preparation, command: str, joint: Mapping[str, str] | None = None
) -> Iterator[Tracker | Untracked]:
    """Tracker that logs the runs of a sweep, if there are any to log."""
    sweep, todo = prepared.sweep, prepared.first.todo
    if sweep.tracking.name == "none":
        yield Untracked()
        return
    uri = sweep.tracking.option("uri")
    with nullcontext() if store_exists(uri) else phase("Making the store"):
        store = open_store(uri, create=True)
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
        configs=configs_of(todo),
        joint=joint,
    ) as tracker:
        log_jobs(store, tracker.sweep_id, prepared.extension.jobs)
        is_monitored = sweep.tracking.option("system_metrics")
        with monitored(store, tracker.sweep_id) if is_monitored else nullcontext():
            yield tracker
