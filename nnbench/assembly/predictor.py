"""A trained network without its data: raw inputs in, predictions out; as files without pickle."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, softmax
from threadpoolctl import threadpool_limits

from nnbench.assembly import build
from nnbench.assembly.sizing import refuse_too_deep
from nnbench.data.batches import Batches
from nnbench.data.dataset import Dataset
from nnbench.data.run_scaling import Scaling, as_scaling
from nnbench.data.split import split
from nnbench.engine.arrays import Array, Workspace
from nnbench.engine.network import Network
from nnbench.options.components import refuse_untrusted_run
from nnbench.run.config import RunConfig
from nnbench.run.metrics import Task
from nnbench.run.stored_config import as_config
from nnbench.system import archive
from nnbench.system.limits import LimitError

WEIGHTS, RUN = "weights.npz", "run.json"
DTYPES = ("float32", "float64")
ROWS = 256
"""Rows that pass through the network at a time, also when fewer are asked for."""

EXAMPLES = 3
"""Rows of the data that are kept as an example of inputs."""

PROBABILITIES: Mapping[str, Callable[[Array], Array]] = {
    "nnbench.engine.losses.CrossEntropy": lambda outputs: softmax(outputs, axis=-1),
    "nnbench.engine.losses.Focal": lambda outputs: softmax(outputs, axis=-1),
    "nnbench.engine.losses.BinaryCrossEntropy": expit,
}
"""Targets of losses whose outputs stand for probabilities, and how."""


@dataclass(frozen=True)
class Trained:
    """A network with the weights of one run, and all it needs to do without the data."""

    config: RunConfig
    task: Task
    outputs: int
    values: Array
    """(n,), a `ParamStack.snapshot`."""
    scaling: Scaling
    example: Array
    """(rows, *in_shape): a few raw inputs."""

    @property
    def in_shape(self) -> tuple[int, ...]:
        """The shape of one raw input."""
        return self.example.shape[1:]

    def network(self) -> Network:
        """The network, without memory for its numbers.

        Raises ValueError if `values` don't fit it, or its layers alone would fill the memory.
        """
        rows = np.empty((0, self.outputs))
        classes = self.outputs if self.task == "classification" else 0
        # Data without rows, which still say what shape an input has.
        data = Dataset("", self.task, np.empty((0, *self.in_shape)), rows, classes)
        try:
            refuse_too_deep(self.config, data)
        except LimitError as error:
            raise ValueError(
                f"depth={self.config.depth}: needs more memory than is free"
            ) from error
        network = build.network(self.config, data)
        size = network.size + len(network.statistics)
        if self.values.shape != (size,):
            raise ValueError(f"values has shape {self.values.shape}, its network {size} numbers")
        return network

    def answers(self, x: Array, watch: Callable[[int, Array], None] | None = None) -> Array:
        """Outputs (rows, outputs) for raw inputs (rows, *in_shape), as the loss sees them.

        `watch` is called for every layer with its position and what it puts out, (rows, …), for
        some rows at a time.
        """
        plan = self.network()
        work = Workspace(1, ROWS, self.config.dtype)
        params = plan.params(1, self.config.dtype)
        params.restore(self.values[None])
        network = plan.bind(params, work)
        batch = work.activations(self.in_shape)
        answers = np.empty((len(x), self.outputs), self.config.dtype)
        count = 0

        def watch_rows(position: int, y: Array) -> None:
            if watch is not None:
                watch(position, y[0, :count])

        # The order of a sum depends on the number of threads.
        with threadpool_limits(1):
            for start in range(0, len(x), ROWS):
                rows = self.scaling.inputs(x[start : start + ROWS], self.config.dtype)
                count = len(rows)
                batch[0, :count] = rows
                outputs = network.forward(batch, train=False, watch=watch_rows)
                answers[start : start + count] = outputs[0, :count]
        return answers

    def predict(self, x: Array) -> dict[str, Array]:
        """Name → (rows,): the class with a number for each, or the targets in their own units.

        Those numbers are probabilities, or scores where the loss knows no probabilities.
        """
        return self.named(self.answers(np.asarray(x, np.float64).reshape(-1, *self.in_shape)))

    def named(self, answers: Array) -> dict[str, Array]:
        """Predictions from outputs (rows, outputs) by name; nothing has to be instantiated."""
        if self.task == "regression":
            targets = self.scaling.targets(answers)
            return {f"target_{i}": column for i, column in enumerate(targets.T)}
        as_probabilities = PROBABILITIES.get(self.config.loss.target)
        kind = "probability" if as_probabilities else "score"
        numbers = as_probabilities(answers) if as_probabilities else answers
        named = {f"{kind}_{i}": column for i, column in enumerate(numbers.astype(np.float64).T)}
        return {"class": answers.argmax(axis=1), **named}

    def arrays(self) -> dict[str, Array]:
        """All of it that is numbers, by name."""
        scales = {f"scaling/{field.name}": getattr(self.scaling, field.name) for field in SCALES}
        return {"values": self.values, "example": self.example, **scales}

    def text(self) -> str:
        """Task, outputs and configuration, as JSON."""
        metadata = {"task": self.task, "outputs": self.outputs, "config": asdict(self.config)}
        return json.dumps(metadata)

    def save(self, directory: Path) -> None:
        """Write two files: plain arrays, and JSON."""
        np.savez(directory / WEIGHTS, **self.arrays())  # type: ignore[arg-type]
        (directory / RUN).write_text(self.text(), encoding="utf-8")


SCALES = fields(Scaling)


def as_trained(arrays: Mapping[str, Any], text: str) -> Trained:
    """The network that `Trained.arrays` and `Trained.text` describe.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    metadata = json.loads(text)
    scales = {
        name.removeprefix("scaling/"): values
        for name, values in arrays.items()
        if name.startswith("scaling/")
    }
    config, values, outputs = as_config(metadata["config"]), arrays["values"], metadata["outputs"]
    # Every output has parameters, so no more memory is allocated than the file holds.
    if not (type(outputs) is int and 1 <= outputs <= values.size):
        raise ValueError(f"outputs is {outputs}")
    if metadata["task"] not in ("classification", "regression") or config.dtype not in DTYPES:
        raise ValueError(f"task is {metadata['task']}, dtype {config.dtype}")
    return Trained(
        config=config,
        task=metadata["task"],
        outputs=outputs,
        values=values,
        scaling=as_scaling(scales),
        example=arrays["example"],
    )


def load(directory: Path) -> Trained:
    """The network that `Trained.save` wrote.

    Raises ConfigError, before anything is imported, if it names a target that is neither shipped
    nor trusted by the user; KeyError, TypeError or ValueError if the files are none of that kind.
    """
    arrays = archive.load(directory / WEIGHTS)
    trained = as_trained(arrays, (directory / RUN).read_text("utf-8"))
    refuse_untrusted_run(trained.config)
    trained.network()
    return trained


def from_weights(config: RunConfig, data: Dataset, weights: Array) -> Trained:
    """The network of a run that was trained on the data, given its weights."""
    parts = split(data, config.seed, config.validation_size, config.test_size)
    scaling = Batches(data, [parts], config.dtype).scaling(0)
    return Trained(
        config, data.task, data.outputs, weights, scaling, data.x[parts.train[:EXAMPLES]]
    )
