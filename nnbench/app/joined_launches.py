"""Sweeps of several launches, by another sweeper or launcher of Hydra's.

The process that starts such a sweep says so in a variable of the environment, which the processes
of other launchers inherit. Whichever launch logs the first run opens the parent run; the starting
process ends it, and writes the one report.
"""

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from math import inf, isfinite
from typing import Any
from uuid import uuid4

from nnbench.run.config import Job, RunConfig, SweepConfig
from nnbench.run.errors import ConfigError, InvalidRunError, RunsFailedError
from nnbench.safety.redaction import redacted
from nnbench.safety.shell import command_line
from nnbench.system.limits import count_text

VARIABLE = "NNBENCH_SWEEP"
"""Variable of the environment with the tags of the parent run, and the command."""

STARTED: ContextVar[Any] = ContextVar("STARTED", default=None)
"""The settings of the joint sweep that this process has started, without what is swept."""
SEEN: ContextVar[SweepConfig | None] = ContextVar("SEEN", default=None)
"""Its settings as a whole, once a job has been composed here."""


RESULTS: list[Any] = []
"""The summary of each launch of this process."""
REFUSED: list[InvalidRunError] = []
"""Errors of invalid jobs that no launch has counted, for lack of valid ones beside them."""


def start(config: Any) -> None:
    """Let the launches to come know that they are of one sweep, whose settings are `config`.

    Raises ConfigError if its report could not be written.
    """
    from nnbench.app.report_checks import check_place
    from nnbench.composition.jobs import parse
    from nnbench.track.parent_run import JOINT
    from nnbench.track.process import process_tags

    try:
        sweep = parse(config).sweep
    except ConfigError:
        # Without what is swept, the settings may lack a value; the launches raise what is wrong.
        pass
    else:
        check_place(sweep)
    command = command_line(["python", "-m", "nnbench", *sys.argv[1:]])
    of_parent = {JOINT: uuid4().hex, **process_tags()}
    os.environ[VARIABLE] = json.dumps({"command": command, "tags": of_parent})
    STARTED.set(config)


def is_joint() -> bool:
    """True if jobs are launched of which another process, or a later launch, has the others."""
    return VARIABLE in os.environ


def launch(jobs: Sequence[Job], refusals: Sequence[InvalidRunError] = ()) -> list[float]:
    """Train the runs of some jobs of a joint sweep, and log them with those of the others.

    `refusals` has an error for each job that is skipped, since it is invalid. Returns the
    validation error of each job. Raises as `run_prepared` does.
    """
    from nnbench.app.experiment import run_prepared
    from nnbench.app.preparation import prepare

    joint = json.loads(os.environ[VARIABLE])
    SEEN.set(jobs[0].sweep)
    # No launch knows the whole grid, nor what the report will compare.
    alone = [replace(job, sweep=replace(job.sweep, extend=0, report=False)) for job in jobs]
    prepared = prepare(alone, joint["command"], refusals)
    if prepared is None:
        return [inf] * len(jobs)
    usual = jobs[0].sweep
    sweep = replace(prepared.sweep, compare=usual.compare, report=usual.report)
    prepared = replace(prepared, sweep=sweep)
    run_prepared(prepared, joint["command"], joint["tags"])
    RESULTS.append(prepared.summary)
    typed = shlex.split(joint["command"])

    def error_of(config: RunConfig) -> float:
        from nnbench.sweep.plan import settled

        try:
            return prepared.summary.validation_error(settled(config, prepared.first.todo))
        except (InvalidRunError, KeyError):
            # It was left out, or its data could not be loaded.
            return inf

    errors = [min(map(error_of, job.settings)) for job in jobs]
    for job, error in zip(jobs, errors, strict=True):
        say_outcome(" ".join(word for word in job.words if word not in typed), error)
    return errors


def say_outcome(words: str, error: float) -> None:
    """Print what came of a job, which `words` tell apart from the others of its sweep."""
    from nnbench.app.terminal import say

    outcome = f"validation error {error:.4g}" if isfinite(error) else "diverged, failed or skipped"
    say(f"{redacted(words) or 'all runs'}: {outcome}", highlight=False)


@contextmanager
def one_report(parse: Callable[[Any], Job]) -> Iterator[None]:
    """End a joint sweep that is started meanwhile, and report on it unless an exception is raised.

    Raises RunsFailedError if any of its runs failed.
    """
    try:
        try:
            yield
        except BaseException as error:
            if STARTED.get() is not None:
                killed = isinstance(error, KeyboardInterrupt | SystemExit)
                with_report(parse, "KILLED" if killed else "FAILED")
            raise
        if STARTED.get() is not None:
            with_report(parse, "FINISHED")
    finally:
        if STARTED.get() is not None:
            STARTED.set(None)
            SEEN.set(None)
            RESULTS.clear()
            REFUSED.clear()
            os.environ.pop(VARIABLE, None)


def with_report(parse: Callable[[Any], Job], status: str) -> None:
    """End the parent run of the joint sweep; if it has finished, write the report."""
    started = STARTED.get()
    sweep = SEEN.get() or (None if started is None else parse(started).sweep)
    if sweep is None:
        return
    if sweep.tracking.name == "none":
        show(whole_summary(None, sweep, ""))
        return
    from nnbench.app.experiment import register, report, show_in_store
    from nnbench.track.experiments import experiment_id, has_experiment
    from nnbench.track.parent_run import JOINT, close_joint_sweep, describe_joint_sweep
    from nnbench.track.store import open_store, store_exists
    from nnbench.track.untracked import Untracked

    uri = sweep.tracking.option("uri")
    if not store_exists(uri):
        return
    store = open_store(uri)
    if not has_experiment(store, sweep.experiment):
        return
    token = tags()[JOINT]
    sweep_id, failed = close_joint_sweep(store, sweep.experiment, token, status)
    summary = whole_summary(store, sweep, sweep_id)
    best = summary.best()
    if sweep_id:
        telling = summary.telling()
        summary.skipped = describe_joint_sweep(store, sweep_id, telling, summary.skipped)
        identity = experiment_id(store, sweep.experiment)
        show_in_store(store, sweep_id, identity, summary, best)
    show(summary)
    if status == "FINISHED":
        untracked = Untracked(store, sweep_id or None)
        report(untracked, sweep)
        register(untracked, sweep, best)
    if status == "FINISHED" and failed:
        raise RunsFailedError(f"{count_text(failed, 'run')} failed")


def show(summary: Any) -> None:
    """Print the scores of all settings, unless other processes have them all."""
    from nnbench.app.summary_table import show_summary

    if summary.results:
        show_summary(summary)


def whole_summary(store: Any, sweep: SweepConfig, sweep_id: str) -> Any:
    """Summary of all launches of a joint sweep; of other processes, of the runs they have logged.

    What is skipped are the jobs that no launch has counted.
    """
    from nnbench.app.summary import Summary
    from nnbench.track.read_runs import read_runs

    runs_of_job = sweep.seeds * (sweep.search or 1)
    counts = Counter(map(str, REFUSED))
    summary = Summary({reason: jobs * runs_of_job for reason, jobs in counts.items()})
    for launched in RESULTS:
        summary.join(launched)
    if sweep_id:
        runs = read_runs(store, sweep.experiment)
        summary.add_rows(runs[runs["sweep"] == sweep_id].to_dict("records"))
    return summary


def tags() -> Mapping[str, str]:
    """The tags of the parent run of the joint sweep."""
    return dict(json.loads(os.environ[VARIABLE])["tags"])
