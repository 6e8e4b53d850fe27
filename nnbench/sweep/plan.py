"""The plan of a sweep: its runs, the invalid ones, and the stacks that train together."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from nnbench.assembly import build, checks
from nnbench.assembly.settle import settle_with_data
from nnbench.assembly.sizing import asked, refuse_too_deep
from nnbench.assembly.stackable import stack_key
from nnbench.data.dataset import Dataset
from nnbench.engine import VERSION
from nnbench.run.config import Component, RunConfig
from nnbench.run.errors import ConfigError, IncompatibleError, InvalidRunError
from nnbench.run.result import RunResult
from nnbench.sweep.execute import Work, failed
from nnbench.sweep.stack_size import Group
from nnbench.system.limits import LimitError
from nnbench.training.checkpoint import Checkpoint, find_checkpoints

PLACES = ("path", "test_path")
"""Options that say where data lie, which decides nothing: their content does."""

SHARED_BYTES = 10_000_000
"""Size of inputs from which on sending them with every stack is not worth it."""


@dataclass(frozen=True)
class Checkpoints:
    """Directory and interval of the checkpoints of a sweep's stacks."""

    directory: Path
    every: float
    """Seconds."""

    def of(self, keys: Sequence[str]) -> Checkpoint:
        """The checkpoint of a stack, given the keys of its runs."""
        name = hashlib.sha256("".join(keys).encode()).hexdigest()[:24]
        return Checkpoint(self.directory / f"{name}.npz", keys, self.every)


@dataclass
class Plan:
    """The runs of a sweep: those to train as stacks, and those that need or allow no training."""

    work: list[Work] = field(default_factory=list)
    finished: dict[str, RunConfig] = field(default_factory=dict)
    """Runs that need not be trained, by their key."""
    failed: list[RunResult] = field(default_factory=list)
    """Runs whose data could not be loaded or split."""
    data_errors: dict[str, ConfigError | None] = field(default_factory=dict)
    """Reasons why data are unusable, by the representation of data set and sizes of the sets."""
    refusals: list[InvalidRunError] = field(default_factory=list)
    """The error of every run that is left out as invalid."""
    data: dict[str, Dataset] = field(default_factory=dict)
    """Data sets by the representation of their component."""
    loaded: dict[str, Dataset] = field(default_factory=dict)
    """The same without the number of training rows: those that differ in it share their arrays."""
    damaged: dict[Path, str] = field(default_factory=dict)
    """Unusable checkpoints, and why."""
    widths: dict[object, int] = field(default_factory=dict)
    """Widths that were found for a size, by what runs of a stack have in common."""

    @property
    def runs(self) -> int:
        """Number of runs to train."""
        return sum(len(work.configs) for work in self.work)

    @property
    def skipped(self) -> Counter[str]:
        """Reason → number of runs that are left out for it."""
        return Counter(map(str, self.refusals))

    def share(self, directory: Path) -> None:
        """Keep large data in files of a directory, which the workers read instead of copies."""
        for number, (name, data) in enumerate(self.data.items()):
            if data.x.nbytes > SHARED_BYTES:
                # If the disk is full, every worker has a copy of its own.
                with suppress(OSError):
                    self.data[name] = data.mapped(directory / f"{number}.npy")
        self.work = [
            replace(work, data=self.data[repr(work.configs[0].dataset)]) for work in self.work
        ]

    def dataset(self, config: RunConfig) -> Dataset | None:
        """The data of a run, None where it could not be loaded."""
        return self.data.get(repr(config.dataset))

    def key(self, config: RunConfig) -> str:
        """The key of a run."""
        data = self.dataset(config)
        return run_key(config, data.fingerprint if data else "")


def plan(
    settings: Iterable[tuple[RunConfig, Iterable[int]]],
    jobs: int,
    finished: Container[str] = (),
    checkpoints: Checkpoints | None = None,
    *,
    models: bool = False,
) -> Plan:
    """Load the data that settings ask for, and group the runs that can train together.

    Settings come with the seeds that they are repeated with. A data set that fails to load fails
    its own runs only. Runs whose key is among the `finished` are not trained again; those that have
    a checkpoint go on from it. `models` says whether the trained networks are kept.
    """
    planned = Plan()
    groups: dict[object, Group | InvalidRunError] = {}
    without_data: dict[str, RunResult] = {}
    for config, seeds in settings:
        try:
            unusable = load(planned, config)
            if unusable is not None:
                for run in map(config.repeated, seeds):
                    (without_data[repr(run)],) = failed([run], unusable)
                continue
            config = settled(config, planned)
            group = group_of(config, planned, groups, models=models)
        except InvalidRunError as error:
            planned.refusals += [error for _ in seeds]
            continue
        key_of = keys_of(config, group.data.fingerprint)
        for seed in seeds:
            # A configuration that a sweep names twice is one run.
            key = key_of(seed)
            (planned.finished if key in finished else group.runs)[key] = config.repeated(seed)
    planned.failed = list(without_data.values())
    stored = list(find_checkpoints(checkpoints.directory)) if checkpoints and groups else []
    planned.damaged = {file: reason for file, _, reason in stored if reason}
    for group_or_error in groups.values():
        if isinstance(group_or_error, Group):
            for file, keys, _ in stored:
                planned.work += resumed(group_or_error, checkpoints, file, keys)
            planned.work += [
                work_of(group_or_error, keys, checkpoints) for keys in group_or_error.stacks(jobs)
            ]
    # The longest first, so that no worker is left with it when all others have finished.
    planned.work.sort(key=lambda work: work.needs.seconds, reverse=True)
    return planned


def settled(config: RunConfig, planned: Plan) -> RunConfig:
    """The configuration as it trains on its data, which are loaded.

    Raises InvalidRunError if its settings make no sense together, or no width gives its size.
    """
    data = planned.data[repr(config.dataset)]
    if asked(config) is not None:
        # Networks are made to find the width.
        refuse_too_deep(replace(config, width=1), data)
    return settle_with_data(config, data, planned.widths)


def group_of(
    config: RunConfig, planned: Plan, groups: dict[object, Group | InvalidRunError], *, models: bool
) -> Group:
    """The runs that can train together with this one.

    Raises InvalidRunError if its network can't read the data.
    """
    alike, data = stack_key(config), planned.data[repr(config.dataset)]
    if alike not in groups:
        try:
            refuse_too_deep(config, data)
            groups[alike] = Group(data, build.network(config, data), models)
        except InvalidRunError as error:
            groups[alike] = error
    group = groups[alike]
    if isinstance(group, InvalidRunError):
        raise group
    return group


def load(planned: Plan, config: RunConfig) -> ConfigError | None:
    """Load the data of a run; returns why it fails. IncompatibleError for sets without rows."""
    name = repr(config.dataset)
    parts = repr((name, config.validation_size, config.test_size))
    if parts not in planned.data_errors:
        planned.data_errors[parts] = None
        try:
            if name not in planned.data:
                rows = config.dataset.option("train_rows")
                whole = repr(config.dataset.without("train_rows"))
                if whole not in planned.loaded:
                    planned.loaded[whole] = build.dataset(config.dataset)
                planned.data[name] = replace(planned.loaded[whole], train_rows=rows or 0)
            checks.check_split(config, planned.data[name])
        except LimitError:
            # What takes too much is never tried, whatever else there is to do.
            raise
        except ConfigError as error:
            planned.data_errors[parts] = error
    unusable = planned.data_errors[parts]
    if isinstance(unusable, IncompatibleError):
        raise unusable
    return unusable


def resumed(
    group: Group, checkpoints: Checkpoints | None, file: Path, keys: Sequence[str]
) -> list[Work]:
    """The runs of a group that go on from a checkpoint, if any; they are taken out of it."""
    unfinished = [key for key in keys if key in group.runs]
    if not unfinished or not checkpoints:
        return []
    return [work_of(group, unfinished, Checkpoint(file, unfinished, checkpoints.every))]


def work_of(group: Group, keys: Sequence[str], checkpoint: Checkpoint | Checkpoints | None) -> Work:
    """The stack of some runs of a group, which leave it."""
    configs = [group.runs.pop(key) for key in keys]
    if isinstance(checkpoint, Checkpoints):
        checkpoint = checkpoint.of(keys)
    return Work(configs, group.data, group.needs(configs[0], len(configs)), checkpoint)


def run_key(config: RunConfig, fingerprint: str) -> str:
    """Digest of all that determines a run's results: configuration, data and engine."""
    return keys_of(config, fingerprint)(config.seed)


def keys_of(config: RunConfig, fingerprint: str) -> Callable[[int], str]:
    """A function from a seed to the key of its run, for runs that are otherwise the same.

    It is the digest of a text in which keys are sorted, so that all seeds share its beginning.
    """
    if config.dataset.option("path"):
        config = replace(config, dataset=config.dataset.without(*PLACES))
    # Without the copies that `asdict` makes, which take longer than all else.
    values = {k: vars(v) if isinstance(v, Component) else v for k, v in vars(config).items()}
    before, after = (
        json.dumps({k: v for k, v in values.items() if differs(k)}, sort_keys=True, default=str)
        for differs in ("seed".__gt__, "seed".__lt__)
    )
    beside = json.dumps({"data": fingerprint, "engine": VERSION}, sort_keys=True)
    begun = hashlib.sha256(f'{{"config": {before[:-1]}, "seed": '.encode())
    suffix = f", {after[1:]}, {beside[1:]}"

    def key(seed: int) -> str:
        digest = begun.copy()
        digest.update(f"{seed}{suffix}".encode())
        return digest.hexdigest()[:24]

    return key
