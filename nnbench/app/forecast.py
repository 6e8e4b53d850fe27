"""Forecast of a sweep's time, memory and disk: printed with `plan=true`, refused over a limit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnbench.app.terminal import CONSOLE
from nnbench.options import catalogue
from nnbench.options.overrides import as_typed
from nnbench.run.config import RunConfig, SweepConfig
from nnbench.sweep.estimate import Estimate, total
from nnbench.sweep.plan import Plan
from nnbench.system.limits import (
    GB,
    LimitError,
    amount_text,
    count_text,
    free_disk,
    free_memory,
    usable_cores,
)
from nnbench.track.address import sqlite_file, store_uri

STANDS_OUT = 5
"""A key is blamed for the size of a sweep if its value is at least this many times the default."""

USUAL = {"params": 10_000, "flops": 10_000, "search": 10, "jobs": 1}
"""Typical values of keys whose default is null."""

CONFIG = catalogue.ROOT / "conf" / "config.yaml"


def workers_of(sweep: SweepConfig) -> int:
    """Number of workers: as configured, but on this machine at most one per core."""
    cores = usable_cores()
    if sweep.launcher.option("address"):
        return sweep.jobs or cores
    return min(sweep.jobs or cores, cores)


def forecast(todo: Plan, sweep: SweepConfig) -> Estimate:
    """Estimate of the runs to be trained, with as many workers as memory allows."""
    stacks = [work.needs for work in todo.work]
    runs = todo.runs + len(todo.failed) + len(todo.finished)
    workers = workers_of(sweep)
    # Those of a cluster have memory of their own.
    remote = bool(sweep.launcher.option("address"))
    estimate = total(stacks, workers, runs, remote=remote)
    while sweep.jobs is None and estimate.workers > 1 and estimate.memory > memory_of(sweep):
        estimate = total(stacks, estimate.workers - 1, runs, remote=remote)
    return estimate


def memory_of(sweep: SweepConfig) -> float:
    """Bytes that a sweep may take."""
    allowed = sweep.limits["memory"]
    return free_memory() if allowed is None else float(allowed * GB)


def directory_of(sweep: SweepConfig) -> Path:
    """Directory of the sweep's files: that of an SQLite store, else the working directory."""
    store = sqlite_file(store_uri(sweep.tracking.option("uri")))
    return store.parent if store is not None else Path.cwd()


def refuse_excess(estimate: Estimate, todo: Plan, sweep: SweepConfig) -> None:
    """Raise LimitError for the first limit that a sweep would exceed."""
    for error in excess(estimate, todo, sweep):
        raise error


def excess(estimate: Estimate, todo: Plan, sweep: SweepConfig) -> list[LimitError]:
    """An error for each limit that a sweep would exceed."""
    limits, directory = sweep.limits, directory_of(sweep)
    disk = free_disk(directory) / GB if limits["disk"] is None else limits["disk"]
    has = {"hours": limits["hours"], "memory": memory_of(sweep) / GB, "disk": disk}
    needs = {
        "hours": estimate.hours,
        "memory": estimate.memory / GB,
        "disk": estimate.disk / GB,
    }
    return [
        LimitError(*culprit(limit, todo, sweep), limit, needs[limit], has[limit])
        for limit in has
        if needs[limit] > has[limit]
    ]


def culprit(limit: str, todo: Plan, sweep: SweepConfig) -> tuple[str, object]:
    """Key and value that stand out most in the largest stack; else those of the limit itself."""
    run = max(todo.work, key=lambda work: getattr(work.needs, AMOUNT[limit])).configs[0]
    values: dict[str, Any] = dict(sizes(run))
    if limit == "memory" and sweep.jobs:
        # An automatic number of workers is reduced if memory is short.
        values["jobs"] = sweep.jobs
    if limit != "memory":
        values |= {"seeds": sweep.seeds, "search": sweep.search or 1}
    usual = {**catalogue.written(CONFIG), **USUAL}
    times = {key: value / usual[key] for key, value in values.items()}
    key = max(times, key=lambda key: times[key])
    if times[key] < STANDS_OUT:
        return f"limits.{limit}", sweep.limits[limit]
    return key, values[key]


AMOUNT = {"hours": "seconds", "memory": "memory", "disk": "disk"}
"""Limit → attribute of a stack's needs that it bounds."""


def sizes(run: RunConfig) -> Mapping[str, int]:
    """Keys that determine the size of a run; `params` or `flops`, if set, instead of the width."""
    targets = {key: size for key in ("params", "flops") if (size := getattr(run, key)) is not None}
    return {"depth": run.depth, "epochs": run.epochs, **(targets or {"width": run.width})}


def duration_text(amount: float, unit: str) -> str:
    """An amount of time in a sentence."""
    number = amount_text(amount)
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def hours_text(hours: float) -> str:
    """A number of hours in a sentence, in seconds if it is small."""
    return duration_text(*((hours * 3600, "second") if hours < 0.1 else (hours, "hour")))


def show(
    estimate: Estimate, todo: Plan, sweep: SweepConfig, more: tuple[int, Estimate] | None = None
) -> None:
    """Print how many runs a sweep would train, its needs, and the limits that it exceeds.

    `more` is the number of runs that it may train beyond the ends of its grid, and their costs.
    """
    directory, exceeded = directory_of(sweep), excess(estimate, todo, sweep)
    available = f"{amount_text(memory_of(sweep) / GB)} GB available"
    lines = [
        f"Plan: {count_text(todo.runs, 'run')} to train, in "
        f"{count_text(estimate.stacks, 'stack')} on {count_text(estimate.workers, 'worker')}",
        f"time      about {hours_text(estimate.hours)}",
        f"memory    about {amount_text(estimate.memory / GB)} GB, {available}",
        f"disk      about {amount_text(estimate.disk / GB)} GB in {directory}, "
        f"{amount_text(free_disk(directory) / GB)} GB free",
        f"tracked   {count_text(len(todo.finished), 'run')}, not trained again",
        *(
            f"skipped   {count_text(n, 'run')}: {as_typed(reason)}"
            for reason, n in todo.skipped.items()
        ),
        *(
            f"fail      {count_text(len(todo.failed), 'run')}: {result.reason}"
            for result in todo.failed[:1]
        ),
        *(
            f"extend    up to {count_text(runs, 'more run')} where a best setting lies at an end "
            f"of its range: about {hours_text(further.hours)}, "
            f"{amount_text(further.disk / GB)} GB on disk"
            for runs, further in ([more] if more else [])
        ),
        *(f"exceeded  {error}" for error in exceeded),
        *["Without plan=true this sweep is refused: it trains nothing."][: len(exceeded)],
    ]
    for line in lines:
        CONSOLE.print(line, markup=False, highlight=False, soft_wrap=True)
