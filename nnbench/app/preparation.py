"""Preparation of a sweep: what is tracked already, what there is to train, and by whom."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd

from nnbench.app import forecast, seed_planning, terminal
from nnbench.app.grid_extension import Extension
from nnbench.app.phases import going_on
from nnbench.app.planning import Batch, Row, make_pool, plan_of, tracked_results
from nnbench.app.report_checks import check_report, settled
from nnbench.app.reporting import compared
from nnbench.app.summary import Summary
from nnbench.data.cautions import notes
from nnbench.report import Family
from nnbench.run.config import Job, SweepConfig, flatten
from nnbench.run.errors import ConfigError, IncompatibleError, InvalidRunError
from nnbench.run.result import History
from nnbench.sweep.grid_axes import typed_keys
from nnbench.sweep.plan import PLACES, Plan
from nnbench.sweep.plan import settled as settled_with_data
from nnbench.system.limits import count_text
from nnbench.track.experiments import has_experiment
from nnbench.track.orphans import remove_orphans
from nnbench.track.process import close_dead_runs
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.store import Store, open_store, probe, readable, store_exists
from nnbench.track.sweeps import TrackedSweep, read_sweeps
from nnbench.track.sync import sync


@dataclass(frozen=True)
class Preparation:
    """A sweep that can begin: nothing of it has been trained or written."""

    sweep: SweepConfig
    first: Batch
    summary: Summary
    """Summary of the sweep, with the runs that were tracked earlier."""
    extension: Extension


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
    todo = plan_of(jobs, sweep, earlier)
    refuse_nothing(todo, sweep, refusals)
    sweep = settled(sweep, todo, typed_keys(jobs), tracked, sweeps)
    estimate = forecast.forecast(todo, sweep)
    exceeds = forecast.excess(estimate, todo, sweep)
    families = [] if exceeds else seed_planning.families_of(sweep, todo, tracked)
    if sweep.quick:
        preview = preview_of(sweep, jobs, families)
        if preview.seeds > sweep.seeds:
            todo = plan_of(jobs, preview, earlier)
            refuse_nothing(todo, preview, refusals)
            estimate = forecast.forecast(todo, preview)
        sweep = preview
    show_same(jobs, todo, sweep)
    summary = Summary(todo.skipped)
    summary.add_step({}, tracked_results(todo, earlier))
    curves = curves_of(sweep, tracked)
    extension = Extension(sweep, compared(sweep), jobs, earlier, curves, estimate.hours)
    extension.start(todo.finished)
    is_trained = not (todo.work or todo.failed)
    if sweep.plan:
        if not exceeds:
            check_report(sweep, todo, tracked)
        show_cautions(todo)
        todo = (extension.due(summary) if is_trained else None) or todo
        forecast.show(forecast.forecast(todo, sweep), todo, sweep, extension.most())
        seed_planning.show(families, sweep, command)
        return None
    forecast.refuse_excess(estimate, todo, sweep)
    check_report(sweep, todo, tracked)
    first = extension.next(summary) if is_trained else None
    first = first or Batch(todo, make_pool(sweep, estimate.workers))
    show_cautions(todo)
    if todo.runs:
        seed_planning.show(families, sweep, command)
    terminal.show_damaged(todo.damaged)
    return Preparation(sweep, first, summary, extension)


def preview_of(sweep: SweepConfig, jobs: Sequence[Job], families: Sequence[Family]) -> SweepConfig:
    """The sweep with as many seeds as a preview needs, as it is tracked: with the numbers alone."""
    whole = forecast.forecast(plan_of(jobs, sweep, {}), sweep)
    return replace(seed_planning.with_enough_seeds(sweep, families, whole), quick=False)


def refuse_nothing(todo: Plan, sweep: SweepConfig, refusals: Sequence[InvalidRunError]) -> None:
    """Add the refusals of whole jobs. Raises the first reason if no run at all can be trained."""
    runs_of_job = sweep.seeds * (sweep.search or 1)
    todo.refusals += [error for error in refusals for _ in range(runs_of_job)]
    for error in todo.data_errors.values():
        if error is not None and is_about_option(error):
            raise error
    if not todo.work and not todo.finished:
        raise next(error for error in [*todo.data_errors.values(), *todo.refusals] if error)


def is_about_option(error: ConfigError) -> bool:
    """True if a data set refused an option, which is a mistake; False if its data are unreadable.

    What depends on the sizes of the sets is skipped, as other settings that make no sense together.
    """
    group, _, option = str(error).partition("=")[0].partition(".")
    refused = isinstance(error.__cause__, ValueError | TypeError)
    is_skipped = isinstance(error, IncompatibleError)
    return refused and group == "dataset" and option not in ("", *PLACES) and not is_skipped


def curves_of(sweep: SweepConfig, tracked: Sequence[Row]) -> Mapping[str, History]:
    """Curves of tracked runs by run_id, each read on access; none of a grid that isn't extended."""
    if not (tracked and sweep.extend):
        return {}
    return Histories(open_store(sweep.tracking.option("uri")), pd.DataFrame(tracked))


def show_cautions(todo: Plan) -> None:
    """Print notes on the training data."""
    trained = [config for work in todo.work for config in work.configs]
    terminal.show_data(notes(todo.data, trained))


def show_same(jobs: Sequence[Job], todo: Plan, sweep: SweepConfig) -> None:
    """Name jobs that are the same network, and train once: `residual_scale=auto,1` with a norm."""
    planned = todo.runs + len(todo.finished) + len(todo.failed) + len(todo.refusals)
    runs = sum(len(job.settings) for job in jobs) * sweep.seeds
    if planned >= runs:
        return
    first: dict[str, Job] = {}
    others: list[tuple[Job, Job]] = []
    for job in jobs:
        with suppress(InvalidRunError, KeyError):
            configs = repr([settled_with_data(config, todo) for config in job.settings])
            if first.setdefault(configs, job) is not job:
                others.append((first[configs], job))
    for pair in others[:1]:
        words = [
            " ".join(word for word in job.words if word not in other.words)
            for job, other in (pair, pair[::-1])
        ]
        text = " and ".join(words) if any(words) else "two jobs with the same words"
        more = f", and {count_text(len(others) - 1, 'more pair')}" if others[1:] else ""
        terminal.say(f"Same network, trained once: {text}{more}")


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
) -> tuple[Sequence[Row], Sequence[TrackedSweep]]:
    """Log what earlier sweeps could not; a row of every run of the experiment, and its sweeps."""
    uri = sweep.tracking.option("uri")
    if sweep.tracking.name == "none":
        return [], []
    if not store_exists(uri):
        # Before anything is estimated for an invalid one.
        probe(uri, create=True)
        return [], []
    with going_on("Reading what is tracked"):
        return read_store(open_store(uri), sweep)


def read_store(store: Store, sweep: SweepConfig) -> tuple[Sequence[Row], Sequence[TrackedSweep]]:
    """As `read_tracked`, of a store that there is."""
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
