"""Whole runs: training, evaluation and the record of both, from first weights to results."""

import statistics
import time
from collections.abc import Sequence

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.run.config import RunConfig
from nnbench.training import train


class WholeRuns:
    """Runs of a stack, trained from beginning to end at each call."""

    def __init__(self, configs: Sequence[RunConfig], data: Dataset) -> None:
        self.stack = build.stack(configs, data)
        self.epochs = len(configs) * configs[0].epochs
        """Number of epochs of all runs together."""
        self.shares: list[float] = []

    def __call__(self) -> None:
        began = time.perf_counter()
        results = train(self.stack)
        seconds = time.perf_counter() - began
        # Those of a run are its training without evaluation.
        self.shares.append(1 - sum(result.seconds for result in results) / seconds)

    @property
    def share(self) -> float:
        """Median share of the time in which no step is taken: evaluation, records, beginnings."""
        return statistics.median(self.shares)
