"""The way of one sweep: plan, train, track, report."""

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from nnbench import composition, screen
from nnbench.config import ConfigError, Job, RunsFailedError, SweepConfig, flatten
from nnbench.report import Question, Report, compared_key, write_report
from nnbench.sweep.execute import execute
from nnbench.sweep.plan import Plan, plan
from nnbench.track.read import Histories, read_commands, read_runs
from nnbench.track.store import Store, open_store, store_uri, without_password
from nnbench.track.tracker import Tracker, track_sweep
from nnbench.track.untracked import Untracked


def run_sweep(jobs: Sequence[Job], command: str) -> float:
    """Train all runs of all jobs, log them as one sweep, and write the report.

    Returns the mean validation error (1 − accuracy or 1 − R²), infinite if a run was lost. Raises
    ConfigError before anything is written, RunsFailedError at the end if any run failed.
    """
    sweep = shared_settings(jobs)
    workers = sweep.jobs or os.cpu_count() or 1
    runs = [config for job in jobs for config in job.runs]
    todo = plan(runs, composition.settle_loss, workers)
    refuse_nothing_to_train(todo)
    check_compare(sweep.compare, todo)
    if sweep.report and sweep.tracking.name != "none":
        check_directory(report_directory(sweep))
    summary = screen.Summary(todo.skipped)
    with track(sweep, command) as tracker:
        with screen.progress_bar(len(todo.failed) + todo.runs) as advance:
            results = chain.from_iterable(execute(todo.work, workers))
            for result in chain(todo.failed, results):
                tracker.log(result, todo.key(result.config), todo.dataset(result.config))
                summary.add(result)
                advance()
        screen.show(summary)
        if tracker.store is not None and sweep.report:
            report = report_on(tracker.store, sweep)
            tracker.attach(report.page.parent, "report")
            tracker.describe("\n\n".join(report.verdicts))
            screen.show_report(report.page, with_store(["ui"], sweep))
    if summary.failed:
        raise RunsFailedError(f"{summary.failed} of {len(todo.failed) + todo.runs} runs failed")
    return summary.validation_error()


def shared_settings(jobs: Sequence[Job]) -> SweepConfig:
    """The settings that all jobs of a sweep have in common; ConfigError if they differ."""
    first = jobs[0].sweep
    for job in jobs:
        for key, value in flatten(job.sweep).items():
            if value != flatten(first).get(key):
                raise ConfigError(key, value, "must be the same for all jobs of a sweep")
    return first


def refuse_nothing_to_train(todo: Plan) -> None:
    """Raise the first reason there is, if no run at all can be trained."""
    if not todo.work:
        raise next(error for error in [*todo.data_errors.values(), *todo.refusals] if error)


@contextmanager
def track(sweep: SweepConfig, command: str) -> Iterator[Tracker | Untracked]:
    """What logs the runs of a sweep."""
    if sweep.tracking.name == "none":
        yield Untracked()
        return
    store = open_store(sweep.tracking.option("uri"), create=True)
    with track_sweep(store, sweep.experiment, flatten(sweep), command) as tracker:
        yield tracker


def check_compare(key: str | None, todo: Plan) -> None:
    """Raise ConfigError unless the runs have the key whose values are to be compared."""
    known = {key for work in todo.work for key in work.configs[0].flat()} - {"dataset", "seed"}
    if key is not None and key not in known:
        raise ConfigError("compare", key, composition.suggestion(key, sorted(known)))


def check_directory(directory: Path) -> None:
    """Raise ConfigError if a directory can't be made, or written to."""
    there = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise ConfigError("report", True, f"can't write to {there}; report=false does without")


def report_directory(sweep: SweepConfig) -> Path:
    """Where the report of an experiment goes."""
    return Path("reports", sweep.experiment)


def report_on(store: Store, sweep: SweepConfig) -> Report:
    """Write the report on all runs of an experiment."""
    runs = read_runs(store, sweep.experiment)
    compare = sweep.compare or compared_key(runs)
    commands = read_commands(store, sweep.experiment)
    asked = [commands[sweep_id] for sweep_id in runs["sweep"].unique() if sweep_id in commands]
    question = Question(
        experiment=sweep.experiment,
        compare=compare,
        commands=tuple(dict.fromkeys(asked)),
        report_command=with_store(
            ["report", composition.override("experiment", sweep.experiment), f"compare={compare}"],
            sweep,
        ),
    )
    return write_report(runs, Histories(store, runs), question, report_directory(sweep))


def with_store(words: Sequence[str], sweep: SweepConfig) -> str:
    """A command line for the store in use, which it names unless it is the default."""
    uri = sweep.tracking.option("uri")
    settings = [composition.override("tracking.uri", store_uri(uri))] if uri else []
    return without_password(shlex.join(["python", "-m", "nnbench", *words, *settings]))
