"""Whole trainings on given data in a given order, to be compared with a reference."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnbench.assembly import build
from nnbench.composition import jobs
from nnbench.data.batches import Batches
from nnbench.data.dataset import regression
from nnbench.data.split import Split
from nnbench.engine.arrays import Array
from nnbench.run.config import Component
from nnbench.training.evaluation import Evaluation
from nnbench.training.loop import Loop
from nnbench.training.state import Training

WORDS = (
    "dataset=diabetes", "loss=mse", "activation=tanh", "depth=2", "width=4", "batch_size=5",
    "dtype=float64", "seeds=1",
)  # fmt: skip
"""Settings that the references' runs share."""


def parameters_by_epoch(
    words: Sequence[str],
    components: Mapping[str, Component],
    arrays: Mapping[str, Array],
    start: Array,
) -> Array:
    """Parameters of a run after each of the epochs that the references keep, (1 + kept, …).

    A row holds the parameters that count, what layers have measured, and outputs for all data; the
    first is `start`, the beginning. `words` set the run, as on a command line, and `components`
    take the place of what these say.
    """
    epochs = [int(epoch) for epoch in arrays["epochs"]]
    config = jobs.compose_job([*WORDS, f"epochs={epochs[-1]}", *words]).runs[0]
    config = replace(config, **dict[str, Any](components))
    data = regression("reference", arrays["x"], arrays["targets"], source="")
    rows = np.arange(len(data.x))
    batches = Batches(data, [Split(rows, rows, rows)], config.dtype)
    training = Training(replace(build.stack([config], data), batches=batches))
    begin_at(training, start[None, : training.measured.snapshot().shape[1]])
    training.streams["order"] = [InOrder(np.random.PCG64())]
    rows_of = {epoch: row_of(training) for epoch in Loop(training).epochs() if epoch in epochs}
    return np.stack([start, *(rows_of[epoch] for epoch in epochs)])


def begin_at(training: Training, snapshot: Array) -> None:
    """Give the parameters other first values."""
    training.params.restore(snapshot)
    training.state = training.optimizer.init(training.params)
    training.bind(training.params, training.active, snapshot)


class InOrder(np.random.Generator):
    """Leaves rows in their order."""

    def permutation(self, x: Any, axis: int = 0) -> Any:
        return x


def row_of(training: Training) -> Array:
    """Evaluated parameters, statistics of layers, and outputs for all data, of a single run."""
    snapshot, batches = training.measured.snapshot(), training.batches
    evaluation = Evaluation(training.stack, batches, {"all": batches.train})
    ((_, outputs),) = evaluation.predict(snapshot)
    return np.concatenate([snapshot[0], outputs[0].ravel()])
