"""Where stacks train: in worker processes, each with one core."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from joblib import Parallel, delayed, parallel_config
from threadpoolctl import threadpool_limits

from nnbench import build
from nnbench.config import ConfigError, RunConfig
from nnbench.data.dataset import Dataset
from nnbench.record import RunResult
from nnbench.training import Stack, train


@dataclass(frozen=True)
class Work:
    """Runs that train as one stack, and the data they share."""

    configs: Sequence[RunConfig]
    data: Dataset


def execute(work: Sequence[Work], jobs: int) -> Iterator[list[RunResult]]:
    """Train all stacks in `jobs` processes; yields the results of each as soon as it is done."""
    with parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered")
        yield from parallel(delayed(train_or_fail)(item) for item in work)


def train_or_fail(work: Work) -> list[RunResult]:
    """The results of a stack; if it can't be trained, all its runs have failed for that reason."""
    try:
        return train_alone(build.stack(work.configs, work.data))
    except Exception as error:  # Whatever happens in one stack must not end the others.
        return failed(work.configs, error)


def failed(configs: Sequence[RunConfig], error: Exception) -> list[RunResult]:
    """The results of runs that could not be trained."""
    # Our own errors say what is wrong; of others' the kind says half of it.
    text = str(error) if isinstance(error, ConfigError) else f"{type(error).__name__}: {error}"
    reason = " ".join(text.split())
    return [RunResult(config, "failed", reason=reason) for config in configs]


def train_alone(stack: Stack) -> list[RunResult]:
    """Train a stack on one core.

    The order in which a product is summed depends on the number of threads, so one thread is part
    of what makes figures the same everywhere.
    """
    with threadpool_limits(1):
        return train(stack)
