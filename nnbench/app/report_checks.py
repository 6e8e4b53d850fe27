"""The report at the end of a sweep, checked before anything is trained."""

import os
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from nnbench.app.planning import configs_of
from nnbench.app.replaced_report import refuse_other_experiment
from nnbench.app.report_words import asked, is_narrowed
from nnbench.app.reporting import compared, report_directory, usual_keys
from nnbench.engine import VERSION
from nnbench.report import Question, as_asked, check_keys, compare_runs, compared_keys, outline
from nnbench.run.config import RunConfig, SweepConfig
from nnbench.run.errors import ConfigError
from nnbench.run.metrics import MEASURED
from nnbench.sweep.plan import Plan
from nnbench.system.atomic import refuse_links
from nnbench.track.sweeps import TrackedSweep


def check_report(sweep: SweepConfig, todo: Plan, tracked: Sequence[Mapping[Hashable, Any]]) -> None:
    """Raise ConfigError if the report at the end of a sweep is invalid or not writable.

    `tracked` has a row of every run that the experiment has already.
    """
    rows = [*tracked, *planned(todo)]
    runs = pd.DataFrame(rows).assign(key=range(len(rows)))
    check_keys(runs, compared(sweep))
    outline(sweep.sections)
    # A grid goes on by the metric and the target, be there a report or not.
    if (is_written(sweep) or sweep.extend) and is_narrowed(sweep):
        compare_runs(runs, Question(sweep.experiment, compared(sweep), (), "", **asked(sweep)))
    check_place(sweep)


def is_written(sweep: SweepConfig) -> bool:
    """True if a sweep ends with a report."""
    return sweep.report and sweep.tracking.name != "none"


def check_place(sweep: SweepConfig) -> None:
    """Raise ConfigError unless a sweep's report is writable where it belongs."""
    if is_written(sweep):
        refuse_other_experiment(report_directory(sweep), sweep.experiment)
        check_directory(report_directory(sweep))


def planned(todo: Plan, *, one_seed: bool = False) -> list[dict[str, object]]:
    """A row for each run of a sweep, with what is known of it before it is trained.

    With `one_seed` only for those with the first seed, which have all the settings.
    """
    configs = list(configs_of(todo))
    if one_seed:
        first = min(config.seed for config in configs)
        configs = [config for config in configs if config.seed == first]
    return [expected(config, todo) for config in configs]


def expected(config: RunConfig, todo: Plan) -> dict[str, object]:
    """The settings of a run, and the names of its metrics."""
    data = todo.dataset(config)
    metrics = {f"best_validation_{name}": 0.0 for name in (MEASURED[data.task] if data else ())}
    status = "finished" if data else "failed"
    return {**config.flat(), **metrics, "sweep": "", "status": status, "engine": VERSION}


def check_directory(directory: Path) -> None:
    """Raise ConfigError if a directory is not writable."""
    try:
        refuse_links(directory)
    except OSError as error:
        allowed = f"{error.strerror}; report=false skips the report"
        raise ConfigError("report", True, allowed) from error
    there = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        allowed = f"{there} is not writable; report=false skips the report"
        raise ConfigError("report", True, allowed)


def settled(
    sweep: SweepConfig,
    todo: Plan,
    typed: Sequence[str],
    tracked: Sequence[Mapping[Hashable, Any]],
    sweeps: Sequence[TrackedSweep],
) -> SweepConfig:
    """The sweep with the compared keys named: without any, what its runs differ in.

    That is for later reports too, which do not know the runs of a sweep: some may have
    been tracked before. A single run is about what the experiment is about. `typed` are the keys
    in which jobs differ, in the order in which they were typed.
    """
    if sweep.compare is not None:
        return sweep
    rows = [row for row in planned(todo, one_seed=True) if row["status"] == "finished"]
    own = compared_keys(as_asked(pd.DataFrame(rows)), typed) if rows else ()
    keys = own or usual_keys(pd.DataFrame(tracked), sweeps)
    return replace(sweep, compare=keys[0] if len(keys) == 1 else list(keys))
