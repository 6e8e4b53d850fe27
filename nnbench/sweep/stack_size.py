"""Stacks: runs that can train together, as many as stay in the cache of one core."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from nnbench.data.dataset import Dataset
from nnbench.engine.network import Network
from nnbench.run.config import RunConfig
from nnbench.sweep.estimate import Needs, needs, speed

STACK_BYTES = 2_500_000
"""Memory that a training step of a stack may touch: about what stays in one core's cache."""


@dataclass
class Group:
    """Runs that can train together, by their key, and what they share."""

    data: Dataset
    network: Network
    models: bool
    """True if their trained networks are kept."""
    runs: dict[str, RunConfig] = field(default_factory=dict)
    cache: dict[int, Needs] = field(default_factory=dict)

    @property
    def first(self) -> RunConfig:
        """One of them."""
        return next(iter(self.runs.values()))

    def needs(self, config: RunConfig, runs: int) -> Needs:
        """Costs of a stack of so many of them."""
        if runs not in self.cache:
            parts = (config, self.data, self.network, runs, speed())
            self.cache[runs] = needs(*parts, models=self.models)
        return self.cache[runs]

    def stacks(self, jobs: int) -> Iterator[Sequence[str]]:
        """The keys of each stack; they are of nearly equal size."""
        if not self.runs:
            return
        keys = np.array(list(self.runs))
        most = max(1, STACK_BYTES // bytes_per_run(self.first, self.data, self.network))
        # Every worker gets something to do, even where one stack would hold all runs.
        count = max(-(-len(keys) // most), min(jobs, len(keys)))
        for chunk in np.array_split(keys, count):
            yield chunk.tolist()


def bytes_per_run(config: RunConfig, data: Dataset, network: Network) -> int:
    """Roughly what a step touches for each run: parameters, optimizer state, activations."""
    vectors = 5 * network.size
    rows = data.rows
    batch = rows if config.batch_size == "full" else min(int(config.batch_size), rows)
    activations = 3 * batch * sum(prod(plan.out_shape) for plan in network.plans)
    return (vectors + activations) * np.dtype(config.dtype).itemsize
