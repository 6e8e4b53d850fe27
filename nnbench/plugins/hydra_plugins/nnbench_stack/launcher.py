"""Hydra plugins that hand all jobs of a sweep to nnbench at once.

Hydra imports this file for every command, so anything heavy is imported where it is needed. (It
also can't cope with `from __future__ import annotations` here.)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class StackLauncher(Launcher):
    """Composes all jobs and trains them as one sweep."""

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Remember what composing needs; the task function is for launchers of single jobs."""
        self.loader = hydra_context.config_loader
        self.config = config

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Train all jobs; returns nothing job by job, since they were one sweep."""
        from nnbench.commands.train import train_jobs
        from nnbench.composition.hydra_errors import explained
        from nnbench.composition.jobs import Known, job_of
        from nnbench.composition.shared import sharing
        from nnbench.run.config import Job

        compose = sharing(lambda words: self.loader.load_sweep_config(self.config, words))

        cache: Known = {}

        def make(words: Sequence[str]) -> Job:
            with explained(words):
                return job_of(compose(words), cache)

        train_jobs(make, job_overrides)
        return []


class StackSweeper(BasicSweeper):
    """Hydra's basic sweeper, which passes on all jobs in one go and writes no file."""

    def sweep(self, arguments: list[str]) -> Any:
        """Launch the product of all swept values, of the file and the command line."""
        from nnbench.composition.expansion import split
        from nnbench.composition.jobs import swept_limits

        assert self.hydra_context is not None  # noqa: S101
        assert self.config is not None  # noqa: S101
        assert self.launcher is not None  # noqa: S101
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        overrides = parser.parse_overrides([*self._parse_config(), *arguments])
        jobs = split(overrides, swept_limits(self.config))
        if not isinstance(self.launcher, StackLauncher):
            tell_unextended(jobs, self.config)
        # The launcher composes every job before it trains the first, so that checking beforehand
        # that each can be composed, which the basic sweeper does, would only do it twice.
        return self.launcher.launch(jobs, initial_job_idx=0)


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
