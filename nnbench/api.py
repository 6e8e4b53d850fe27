"""nnbench for programs: compose configurations, train them, read back what was tracked.

Nothing here tracks or prints; in a notebook, training shows a progress bar.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnbench.assembly import build, checks
from nnbench.assembly.settle import settle_with_data
from nnbench.composition import jobs
from nnbench.notebook.progress import progress_of
from nnbench.notebook.trained_run import TrainedRun
from nnbench.options.keys import GROUPS, OF_RUNS, allowed
from nnbench.run.config import Component, RunConfig
from nnbench.run.errors import ConfigError
from nnbench.sweep.execute import train_alone

if TYPE_CHECKING:
    import pandas as pd

    from nnbench.notebook.runs_table import RunsTable


def compose(overrides: Sequence[str] = ()) -> RunConfig:
    """The configuration of one run: that of the first seed.

    `overrides` are words of the command line, such as `["depth=3", "optimizer=sgd"]`. Raises
    ConfigError, a ValueError, which names the key, the value and what is allowed.
    """
    return jobs.compose_job(overrides).settings[0]


def compose_all(overrides: Sequence[str] = ()) -> list[RunConfig]:
    """The configurations of all seeds of one job, in the order of the seeds."""
    return list(jobs.compose_job(overrides).runs)


def train(config: RunConfig, *, weights: bool = False) -> TrainedRun:
    """Train one run, in this process; the result has its weights if `weights` is true.

    `result.plot()` draws its learning curves. Raises ConfigError for an invalid configuration.
    """
    return train_stack([config], weights=weights)[0]


def train_stack(configs: Sequence[RunConfig], *, weights: bool = False) -> list[TrainedRun]:
    """Train several runs together, in this process; each gets bit for bit what it gets alone.

    They may differ in seed, learning rate and other numeric hyperparameters. Raises ConfigError if
    they differ in anything else, or a configuration is invalid.
    """
    if not configs:
        return []
    data = build.dataset(configs[0].dataset)
    settled = []
    for config in configs:
        check_values(config)
        settled.append(settle_with_data(config, data))
        checks.check_split(config, data)
    checks.check_stack(settled)
    stack, progress = build.stack(settled, data), progress_of(settled)
    results = train_alone(stack, progress=progress, weights=weights)
    if progress:
        progress.end()
    return [TrainedRun(**vars(result)) for result in results]


def check_values(config: RunConfig) -> None:
    """Raise ConfigError for a value that the command line would have refused."""
    for key in OF_RUNS:
        value = getattr(config, key)
        if key in GROUPS and not isinstance(value, Component):
            raise ConfigError(key, value, "must be a component, as `compose` makes it")
        if key not in GROUPS:
            allowed(key, value)


def load_runs(experiment: str, uri: str | None = None) -> "RunsTable":
    """The tracked runs of an experiment, a row each; `uri` as `tracking.uri`.

    Columns are every configuration key, final metrics such as `test_accuracy`, and `run_id`,
    `status`, `key`, `sweep`, `engine`, `reason`, `trouble`, `layer`, `artifacts`, and `processor`,
    `blas`, `blas_kernel` of the machine. Raises
    ConfigError if there is no such store or experiment.
    """
    from nnbench.notebook.runs_table import RunsTable
    from nnbench.track.read_runs import read_runs
    from nnbench.track.store import open_store, readable

    store = open_store(uri)
    with readable(store):
        runs = read_runs(store, experiment)
    table = RunsTable(runs)
    table.attrs = runs.attrs
    return table


def load_curves(experiment: str, uri: str | None = None) -> "pd.DataFrame":
    """The learning curves of an experiment's tracked runs, a row each run, epoch and metric.

    Columns are `run_id` (as in `load_runs`), `epoch` (0 is before training), `metric`, such as
    `validation_accuracy`, and `value`. Runs without readable curves have no rows. Raises
    ConfigError if there is no such store or experiment.
    """
    from nnbench.track.read_curves import curves_table
    from nnbench.track.read_runs import read_runs
    from nnbench.track.store import open_store, readable

    store = open_store(uri)
    with readable(store):
        return curves_table(store, read_runs(store, experiment))
