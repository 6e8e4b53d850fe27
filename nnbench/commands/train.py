"""Train, track and report; what happens when no command is named."""

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from nnbench import catalogue, composition
from nnbench.config import ConfigError, InvalidRunError, Job, RunsFailedError
from nnbench.explain import explained
from nnbench.help import help_text
from nnbench.interrupt import InterruptedSweepError

Description = TypeVar("Description")


def run(words: list[str]) -> int:
    """Compose the words of the command line with Hydra, and train."""
    composition.register()
    OmegaConf.register_new_resolver("nnbench_help", help_text, replace=True)
    app = hydra.main(str(catalogue.ROOT / "conf"), "config", version_base="1.3")(task)
    sys.argv[1:] = words
    if os.environ.get("HYDRA_FULL_ERROR") == "1":
        app()
        return 0
    # Hydra would print its errors itself, over many lines, were it not asked to raise them.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    with explained(words):
        app()
    return 0


def task(settings: DictConfig) -> float:
    """Hydra's view of one job; returns the mean validation error, for sweepers that minimise.

    Those bring a launcher of their own; ours takes all jobs of a sweep at once.
    """
    try:
        return train_jobs(composition.parse, [settings])
    except InterruptedSweepError as error:
        print(f"nnbench: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(error.exit_code) from error
    except (ConfigError, RunsFailedError) as error:
        if HydraConfig.get().mode is RunMode.MULTIRUN:
            raise
        # A plain exception would make Hydra print lines of its own around it.
        print(f"nnbench: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from error


def train_jobs(make: Callable[[Description], Job], described: Sequence[Description]) -> float:
    """Train all jobs that `make` makes as one sweep.

    Those that can't be are skipped, as long as there are others.
    """
    jobs, refusals = list[Job](), list[InvalidRunError]()
    for description in described:
        try:
            job = make(description)
        except InvalidRunError as error:
            refusals.append(error)
            continue
        if not jobs:
            composition.refuse_too_many_jobs(len(described), job)
        jobs.append(job)
    if refusals and not jobs:
        raise refusals[0]
    # MLflow and the charts take seconds to load, which a mistyped key need not wait for.
    from nnbench.experiment import run_sweep

    command = shlex.join(["python", "-m", "nnbench", *sys.argv[1:]])
    return run_sweep(jobs, command, refusals)
