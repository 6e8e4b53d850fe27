"""Hydra plugins that hand all jobs of a sweep to nnbench at once.

Hydra imports this file for every command, so anything heavy is imported where it is needed. (It
also can't cope with `from __future__ import annotations` here.)
"""

from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class StackLauncher(Launcher):
    """Composes all jobs of a launch and trains them together."""

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Remember what composing needs; the task function is for launchers of single jobs."""
        self.loader = hydra_context.config_loader
        self.config = config

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Train all jobs; returns nothing job by job if they were the whole sweep.

        To another sweeper, which may launch more, it returns the validation error of each.
        """
        from nnbench.app.joined_launches import is_joint
        from nnbench.commands.train import launch_jobs, train_jobs

        make = maker(self.loader, self.config, initial_job_idx)
        if not is_joint():
            train_jobs(make, job_overrides)
            return []
        Path(str(self.config.hydra.sweep.dir)).mkdir(parents=True, exist_ok=True)
        outcomes = launch_jobs(make, job_overrides)
        return list(map(returned, job_overrides, outcomes))


def maker(
    loader: ConfigLoader, config: DictConfig, first: int = 0
) -> Callable[[Sequence[str]], Any]:
    """Function that makes the job of its words; jobs share what is composed.

    They are numbered in the order in which they are made, from `first` on.
    """
    from nnbench.composition.hydra_errors import explained
    from nnbench.composition.jobs import Known, job_of
    from nnbench.composition.shared import sharing
    from nnbench.run.config import Job

    compose = sharing(lambda words: loader.load_sweep_config(config, words))
    cache: Known = {}
    numbers = count(first)

    def make(words: Sequence[str]) -> Job:
        number = next(numbers)
        with explained(words):
            return job_of(compose(words), cache, words, number)

    return make


def returned(words: Sequence[str], outcome: float | Exception) -> JobReturn:
    """The outcome of a job, as Hydra's sweepers take it."""
    failed = isinstance(outcome, Exception)
    result = JobReturn(
        overrides=list(words), status=JobStatus.FAILED if failed else JobStatus.COMPLETED
    )
    result.return_value = outcome
    return result


class StackSweeper(BasicSweeper):
    """Hydra's basic sweeper, which passes on all jobs in one go and writes no file."""

    def sweep(self, arguments: list[str]) -> Any:
        """Launch the product of all swept values, of the file and the command line."""
        from nnbench.composition.expansion import split
        from nnbench.composition.jobs import swept_limits
        from nnbench.options.quoting import quoted

        assert self.hydra_context is not None  # noqa: S101
        assert self.config is not None  # noqa: S101
        assert self.launcher is not None  # noqa: S101
        loader = self.hydra_context.config_loader
        overrides = OverridesParser.create(config_loader=loader).parse_overrides(
            [*map(quoted, self._parse_config()), *arguments]
        )
        jobs = split(overrides, swept_limits(self.config))
        # The launcher composes every job before it trains the first, so that checking beforehand
        # that each can be composed, which the basic sweeper does, would only do it twice.
        if isinstance(self.launcher, StackLauncher):
            return self.launcher.launch(jobs, initial_job_idx=0)
        tell_unextended(jobs, self.config)
        return self.launch_singly(jobs)

    def launch_singly(self, jobs: Sequence[Sequence[str]]) -> Sequence[JobReturn]:
        """Have a launcher of single jobs train those that are valid; raises the first failure."""
        from nnbench.app.joined_launches import REFUSED, SEEN
        from nnbench.commands.train import composed_jobs, train_jobs
        from nnbench.run.config import Job
        from nnbench.run.errors import InvalidRunError
        from nnbench.system.output import tell

        assert self.hydra_context is not None  # noqa: S101
        assert self.config is not None  # noqa: S101
        assert self.launcher is not None  # noqa: S101
        make = maker(self.hydra_context.config_loader, self.config)
        composed = composed_jobs(make, jobs)
        valid = [job for job in composed if isinstance(job, Job)]
        refusals = [error for error in composed if isinstance(error, InvalidRunError)]
        if not valid:
            raise refusals[0]
        if valid[0].sweep.plan:
            train_jobs(make, jobs)
            return []
        for error in refusals:
            tell(f"skipped: {error}")
        SEEN.set(valid[0].sweep)
        REFUSED.extend(refusals)
        words = [list(own) for own, job in zip(jobs, composed, strict=True) if isinstance(job, Job)]
        returns = self.launcher.launch(words, initial_job_idx=0)
        # Hydra prints lines of its own about a failure.
        with redirect_stderr(StringIO()):
            for result in returns:
                _ = result.return_value
        return returns


def tell_unextended(jobs: Sequence[Sequence[str]], settings: DictConfig | None) -> None:
    """Say that a launcher of single jobs, as Slurm's, extends no grid, if one is to be extended."""
    from nnbench.system.output import tell

    usual = str(None if settings is None else settings.get("extend"))
    typed = [word.partition("=")[2] for word in jobs[0] if word.startswith("extend=")] or [usual]
    if typed[-1] not in ("0", "null", "None"):
        tell(f"extend={typed[-1]}: does nothing with this launcher, whose jobs train alone")


@dataclass
class StackLauncherConf:
    """Hydra's configuration of the launcher."""

    _target_: str = f"{__name__}.StackLauncher"


@dataclass
class StackSweeperConf:
    """Hydra's configuration of the sweeper."""

    _target_: str = f"{__name__}.StackSweeper"
    max_batch_size: int | None = None
    params: dict[str, Any] = field(default_factory=dict)


ConfigStore.instance().store("nnbench_stack", StackLauncherConf, "hydra/launcher")
ConfigStore.instance().store("nnbench_sweeper", StackSweeperConf, "hydra/sweeper")
