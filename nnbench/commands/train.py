"""Train, track and report (the default command)."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from io import StringIO
from typing import TypeVar

from hydra._internal.utils import _run_hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from nnbench.app import joined_launches
from nnbench.app.phases import going_on
from nnbench.app.terminal import say
from nnbench.composition import flags
from nnbench.composition.expansion import refuse_too_many_jobs
from nnbench.composition.hydra_errors import SEVERAL, explained
from nnbench.composition.jobs import job_of, parse, plain, register
from nnbench.composition.word_checks import check_words
from nnbench.options import catalogue
from nnbench.options.overrides import aliases_in_errors, split_override
from nnbench.options.quoting import quoted
from nnbench.run.config import Job
from nnbench.run.errors import ConfigError, InvalidRunError, ProgramEndedError, RunsFailedError
from nnbench.safety.redaction import redacted
from nnbench.safety.shell import command_line
from nnbench.system.early_exits import contained
from nnbench.system.garbage import collection_paused
from nnbench.system.interrupt import InterruptedSweepError
from nnbench.system.output import tell

FULL_ERROR = "HYDRA_FULL_ERROR"
"""Variable of the environment: 1 for tracebacks instead of lines."""

CALLBACK = "hydra_plugins.nnbench_stack.callback.JointSweep"
"""Hydra's callback that makes all launches of a sweep one."""

Description = TypeVar("Description")


def run(words: list[str]) -> int:
    """Compose the words of the command line with Hydra, and train."""
    register()
    parsed_words = flags.parsed(words)
    # A copy, since Hydra adds to them; what completes words of a shell has others.
    settings = () if parsed_words.shell_completion else tuple(parsed_words.overrides)
    check_words(settings)
    if settings:
        parsed_words.overrides = list(map(quoted, settings))
    refuse_directories(settings, multirun=parsed_words.multirun)
    sys.argv[1:] = words
    if os.environ.get(FULL_ERROR) == "1":
        explaining: AbstractContextManager[None] = nullcontext()
    else:
        explaining = explained(settings)
    describes = parsed_words.cfg or parsed_words.info
    if not (describes or parsed_words.shell_completion):
        # A configuration of the user's own that is chosen by --config-name may lack it.
        parsed_words.overrides.append(f"++hydra.callbacks.nnbench._target_={CALLBACK}")
    with (
        explaining,
        tracebacks(),
        printed_redacted() if describes else nullcontext(),
        joined_launches.one_report(parse),
    ):
        _run_hydra(parsed_words, flags.PARSER, task, str(catalogue.ROOT / "conf"), "config")
    return 0


@contextmanager
def printed_redacted() -> Iterator[None]:
    """Print what is printed meanwhile at the end, without passwords: Hydra shows all settings."""
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            yield
    finally:
        sys.stdout.write(redacted(printed.getvalue()))


@contextmanager
def tracebacks() -> Iterator[None]:
    """Have Hydra raise errors, which it would print itself, over many lines."""
    before = os.environ.get(FULL_ERROR)
    os.environ[FULL_ERROR] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[FULL_ERROR]


def refuse_directories(words: Sequence[str], *, multirun: bool) -> None:
    """Raise ConfigError if a word names a directory for Hydra to write to before anything is known.

    Only launchers of single jobs, which need -m, have use for one. None may change into it, as each
    job would have a store of its own there.
    """
    refused = () if multirun else ("hydra.run.dir", "hydra.output_subdir")
    for word in words:
        key, value = split_override(word)
        changes = key == "hydra.job.chdir" and value.lower() != "false"
        if changes or key in refused:
            raise ConfigError(key, value, "nnbench writes into the working directory")


def task(settings: DictConfig) -> float:
    """Hydra's view of one job; returns its validation error, for sweepers that minimise.

    Other launchers call it; ours takes all jobs of a launch at once.
    """
    try:
        if HydraConfig.get().mode is RunMode.RUN and HydraConfig.get().sweeper.get("params"):
            raise ConfigError("hydra.sweeper.params", HydraConfig.get().sweeper.params, SEVERAL)
        with aliases_in_errors():
            if not joined_launches.is_joint():
                return train_jobs(single_job, [settings])
            (outcome,) = launch_jobs(single_job, [settings])
            if isinstance(outcome, InvalidRunError):
                raise outcome
            return outcome
    except InterruptedSweepError as error:
        tell(error)
        raise SystemExit(error.exit_code) from error
    except (ConfigError, ProgramEndedError, RunsFailedError) as error:
        if HydraConfig.get().mode is RunMode.MULTIRUN:
            raise
        # A plain exception would make Hydra print lines of its own around it.
        tell(error)
        raise SystemExit(error.exit_code) from error


def single_job(settings: DictConfig) -> Job:
    """The job of Hydra's that runs now."""
    now = HydraConfig.get()
    number = now.job.num if now.mode is RunMode.MULTIRUN else 0
    return job_of(plain(settings), {}, now.overrides.task, number)


def train_jobs(make: Callable[[Description], Job], described: Sequence[Description]) -> float:
    """Train all jobs that `make` makes as one sweep.

    Invalid ones are skipped, as long as there are others.
    """
    with contained():
        with going_on("Preparing"):
            composed = composed_jobs(make, described)
            jobs = [job for job in composed if isinstance(job, Job)]
            refusals = [error for error in composed if isinstance(error, InvalidRunError)]
            if refusals and not jobs:
                raise refusals[0]
            # MLflow and charts take seconds to load, which a mistyped key need not wait for.
            from nnbench.app.experiment import run_sweep

        command = command_line(["python", "-m", "nnbench", *sys.argv[1:]])
        return run_sweep(jobs, command, refusals)


def launch_jobs(
    make: Callable[[Description], Job], described: Sequence[Description]
) -> list[float | InvalidRunError]:
    """Train the jobs that `make` makes, as some of a joint sweep.

    Returns the validation error of each, or why it is invalid.
    """
    with contained():
        composed = composed_jobs(make, described)
        jobs = [job for job in composed if isinstance(job, Job)]
        refusals = [error for error in composed if isinstance(error, InvalidRunError)]
        if not jobs:
            joined_launches.REFUSED.extend(refusals)
        errors = iter(joined_launches.launch(jobs, refusals) if jobs else ())
        return [next(errors) if isinstance(job, Job) else job for job in composed]


def composed_jobs(
    make: Callable[[Description], Job], described: Sequence[Description]
) -> list[Job | InvalidRunError]:
    """Each job, or why it is invalid; the first line is printed after the first that is valid."""
    composed = list[Job | InvalidRunError]()
    with collection_paused():
        for description in described:
            try:
                job = make(description)
            except InvalidRunError as error:
                composed.append(error)
                continue
            if not any(isinstance(earlier, Job) for earlier in composed):
                refuse_too_many_jobs(len(described), job)
                say(f"Preparing experiment {job.sweep.experiment} …", highlight=False)
            composed.append(job)
    return composed
