"""What a sweep has to do: which runs there are, which can't be, and which train together."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from nnbench import build, checks
from nnbench.config import ConfigError, InvalidRunError, RunConfig
from nnbench.data.dataset import Dataset, Task
from nnbench.engine import VERSION
from nnbench.record import RunResult
from nnbench.sizing import asked, sized
from nnbench.sweep.execute import Work, failed
from nnbench.training.checkpoint import Checkpoint, find_checkpoints

PLACES = ("path", "test_path")
"""Options that say where data lie, which decides nothing: their content does."""

SHARED_BYTES = 10_000_000
"""Size of inputs from which on sending them with every stack is not worth it."""

STACK_BYTES = 2_500_000
"""Memory that a training step of a stack may touch: about what stays in one core's cache."""


@dataclass(frozen=True)
class Checkpoints:
    """Where the stacks of a sweep keep their state while they train, and how often."""

    directory: Path
    every: float
    """Seconds."""

    def of(self, keys: Sequence[str]) -> Checkpoint:
        """The checkpoint of a stack, given the keys of its runs."""
        name = hashlib.sha256("".join(keys).encode()).hexdigest()[:24]
        return Checkpoint(self.directory / f"{name}.npz", keys, self.every)


@dataclass
class Plan:
    """What there is to do."""

    work: list[Work] = field(default_factory=list)
    finished: dict[str, RunConfig] = field(default_factory=dict)
    """Runs that need not be trained, by their key."""
    failed: list[RunResult] = field(default_factory=list)
    """Runs whose data could not be loaded or split."""
    data_errors: dict[str, ConfigError | None] = field(default_factory=dict)
    """Why data could not be used, by the representation of data set and sizes of the parts."""
    refusals: list[InvalidRunError] = field(default_factory=list)
    """For every run that is left out, why it can't be."""
    data: dict[str, Dataset] = field(default_factory=dict)
    """Data sets by the representation of their component."""
    damaged: dict[Path, str] = field(default_factory=dict)
    """Checkpoints that can't be gone on from, and why."""
    widths: dict[object, int] = field(default_factory=dict)
    """Widths that were found for a size, by what runs of a stack have in common."""

    @property
    def runs(self) -> int:
        """How many runs will train."""
        return sum(len(work.configs) for work in self.work)

    @property
    def skipped(self) -> Counter[str]:
        """Reason → number of runs that are left out for it."""
        return Counter(map(str, self.refusals))

    def share(self, directory: Path) -> None:
        """Keep large data in files of a directory, which the workers read instead of copies."""
        for number, (name, data) in enumerate(self.data.items()):
            if data.x.nbytes > SHARED_BYTES:
                # Without room for it, every worker has a copy of its own.
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
    configs: Iterable[RunConfig],
    settle_loss: Callable[[RunConfig, Task], RunConfig],
    jobs: int,
    finished: Container[str] = (),
    checkpoints: Checkpoints | None = None,
) -> Plan:
    """Load the data that `configs` ask for, and group those that can train together.

    A data set that can't be loaded fails its own runs only. Runs whose key is among the `finished`
    are not trained again; those that have a checkpoint go on from it.
    """
    made = Plan()
    groups: dict[object, dict[str, RunConfig]] = {}
    without_data: dict[str, RunResult] = {}
    for config in configs:
        unusable = load(made, config)
        if unusable is not None:
            (without_data[repr(config)],) = failed([config], unusable)
            continue
        data = made.data[repr(config.dataset)]
        try:
            config = settle_loss(config, data.task)
            checks.check_together(config, data.task)
            config = equally_large(config, made)
        except InvalidRunError as error:
            made.refusals.append(error)
            continue
        # A configuration that a sweep names twice is one run.
        key = run_key(config, data.fingerprint)
        if key in finished:
            made.finished[key] = config
        else:
            groups.setdefault(build.stack_key(config), {})[key] = config
    made.failed = list(without_data.values())
    found = list(find_checkpoints(checkpoints.directory)) if checkpoints and groups else []
    made.damaged = {file: reason for file, _, reason in found if reason}
    for group in groups.values():
        if not fits(group, made):
            continue
        for file, keys, _ in found:
            made.work += resumed(group, made, checkpoints, file, keys)
        made.work += stacks(group, made, jobs, checkpoints)
    # The longest first, so that no worker is left with it when all others have finished.
    made.work.sort(key=cost, reverse=True)
    return made


def equally_large(config: RunConfig, made: Plan) -> RunConfig:
    """The configuration at the width that gives the size it asks for, if it does.

    Raises InvalidRunError if no width does.
    """
    if asked(config) is None:
        return config
    alike = build.stack_key(config)
    if alike not in made.widths:
        made.widths[alike] = sized(config, made.data[repr(config.dataset)]).width
    return replace(config, width=made.widths[alike])


def fits(group: dict[str, RunConfig], made: Plan) -> bool:
    """Whether the data can be read by the network of a group; if not, the plan says why."""
    first = next(iter(group.values()))
    try:
        build.network(first, made.data[repr(first.dataset)])
    except InvalidRunError as error:
        made.refusals += [error] * len(group)
        return False
    return True


def load(made: Plan, config: RunConfig) -> ConfigError | None:
    """Load the data of a run into the plan, unless it is there; returns why that can't be done."""
    name = repr(config.dataset)
    parts = repr((name, config.validation_size, config.test_size))
    if parts not in made.data_errors:
        made.data_errors[parts] = None
        try:
            if name not in made.data:
                made.data[name] = build.dataset(config.dataset)
            checks.check_split(config, made.data[name])
        except ConfigError as error:
            made.data_errors[parts] = error
    return made.data_errors[parts]


def resumed(
    group: dict[str, RunConfig],
    made: Plan,
    checkpoints: Checkpoints | None,
    file: Path,
    keys: Sequence[str],
) -> list[Work]:
    """The runs of a group that go on from a checkpoint, if any; they are taken out of it."""
    left = [key for key in keys if key in group]
    if not left or not checkpoints:
        return []
    configs = [group.pop(key) for key in left]
    data = made.data[repr(configs[0].dataset)]
    return [Work(configs, data, Checkpoint(file, left, checkpoints.every))]


def stacks(
    group: dict[str, RunConfig], made: Plan, jobs: int, checkpoints: Checkpoints | None
) -> list[Work]:
    """Runs that could train together, in stacks of nearly equal size that fit into the cache."""
    if not group:
        return []
    keys, configs = list(group), list(group.values())
    data = made.data[repr(configs[0].dataset)]
    most = max(1, STACK_BYTES // bytes_per_run(configs[0], data))
    # Every worker gets something to do, even where one stack would hold all runs.
    count = max(-(-len(configs) // most), min(jobs, len(configs)))
    return [
        Work(
            [configs[i] for i in part],
            data,
            checkpoints.of([keys[i] for i in part]) if checkpoints else None,
        )
        for part in np.array_split(np.arange(len(configs)), count)
    ]


def bytes_per_run(config: RunConfig, data: Dataset) -> int:
    """Roughly what a step touches for each run: parameters, optimizer state, activations."""
    network = build.network(config, data)
    vectors = 5 * network.size
    rows = len(data.x)
    batch = rows if config.batch_size == "full" else min(int(config.batch_size), rows)
    activations = 3 * batch * sum(int(np.prod(plan.out_shape)) for plan in network.plans)
    return (vectors + activations) * np.dtype(config.dtype).itemsize


def cost(work: Work) -> float:
    """Roughly how long a stack takes, in no unit."""
    config = work.configs[0]
    size = build.network(config, work.data).size
    return float(len(work.configs) * config.epochs * len(work.data.x) * size)


def run_key(config: RunConfig, fingerprint: str) -> str:
    """Digest of all that decides a run's figures: configuration, data and engine."""
    if config.dataset.option("path"):
        config = replace(config, dataset=config.dataset.without(*PLACES))
    content = {"config": asdict(config), "data": fingerprint, "engine": VERSION}
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
