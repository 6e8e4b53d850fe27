"""The training loop, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from nnbench.config import RunConfig
from nnbench.data.batches import Batches
from nnbench.engine.arrays import Array, ParamStack
from nnbench.engine.losses import Loss
from nnbench.engine.network import Network
from nnbench.metrics import measure, row_norms
from nnbench.optim.averages import Average
from nnbench.optim.gradient import GradientTransform
from nnbench.optim.optimizer import Optimizer, evaluated, keep_runs
from nnbench.optim.schedules import Schedule
from nnbench.record import RunResult
from nnbench.streams import stream
from nnbench.training.checkpoint import Checkpoint
from nnbench.training.passes import Passes
from nnbench.training.progress import Progress
from nnbench.training.recorder import Recorder

EVALUATION_ROWS = 256
"""Rows that pass through the network at a time when it is measured."""


@dataclass(frozen=True)
class Stack:
    """Runs that perform the same operations on the same shapes, and what they are made of."""

    configs: Sequence[RunConfig]
    network: Network
    loss: Loss
    optimizer: Optimizer
    transform: GradientTransform
    schedules: Sequence[Schedule]
    averages: Sequence[Average | None]
    """One a run, or None for all of them."""
    batches: Batches


def train(
    stack: Stack, checkpoint: Checkpoint | None = None, progress: Progress | None = None
) -> list[RunResult]:
    """Train every run of the stack; the results are in the order of its configurations.

    With a checkpoint it goes on from there, bit for bit as if it had never stopped; with progress
    it tells how far it has come.
    """
    # A diverging run overflows on its way; that is its own affair and is recorded as such.
    with np.errstate(all="ignore"):
        return Training(stack).run(checkpoint, progress)


class Training:
    """The state of a stack while it trains.

    `active` holds the positions of the runs that still train. Parameters, optimizer state and
    buffers have a row for each of those; a run that stops early leaves them.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        first, runs = stack.configs[0], len(stack.configs)
        rows = stack.batches.train.shape[1]
        self.epochs = first.epochs
        self.batch = rows if first.batch_size == "full" else min(int(first.batch_size), rows)
        self.steps = -(-rows // self.batch)
        """Steps an epoch, the last of which may have a smaller batch."""
        self.order_streams = [stream(config.seed, "order") for config in stack.configs]
        self.dropout_streams = [stream(config.seed, "dropout") for config in stack.configs]
        self.seconds = np.zeros(runs)

        params = stack.network.params(runs, stack.batches.dtype)
        for vector, config in zip(params.values, stack.configs, strict=True):
            stack.network.initialise(vector, stream(config.seed, "init"))
        if stack.network.adjusts:
            parts = stack.network, stack.loss, stack.batches, params
            Passes(*parts, self.batch).adjust(stack.batches.train[:, : self.batch])
        start = params.snapshot()
        self.recorder = Recorder(stack.configs, stack.network, stack.batches.task, start)
        self.optimizer, self.transform = stack.optimizer, stack.transform
        self.state = self.optimizer.init(params)
        self.bind(params, np.arange(runs), start)

    def bind(self, params: ParamStack, active: Array, measured: Array) -> None:
        """Make the buffers for the runs at the positions `active`, whose parameters are given.

        `measured` is a snapshot of those that are evaluated, which may be others.
        """
        self.params, self.active = params, active
        self.measured = params
        if self.averages or hasattr(self.optimizer, "evaluated"):
            self.measured = self.stack.network.params(params.runs, params.values.dtype)
            self.measured.restore(measured)
        self.batches = self.stack.batches.select(active)
        self.whole = self.passes(self.batch)
        remainder = self.batches.train.shape[1] % self.batch
        self.remainder = self.passes(remainder) if remainder else None
        self.evaluation = Passes(
            self.stack.network, self.stack.loss, self.batches, self.measured, EVALUATION_ROWS
        )
        self.scratch = np.empty_like(params.values)

    def passes(self, batch: int) -> Passes:
        """Passes on training batches of one size for the active runs."""
        network, loss = self.stack.network, self.stack.loss
        chance = [self.dropout_streams[run] for run in self.active]
        return Passes(network, loss, self.batches, self.params, batch, chance)

    @property
    def averages(self) -> list[Average]:
        """What the parameters of each active run are averaged with; empty for nothing."""
        averages = [self.stack.averages[run] for run in self.active]
        return [average for average in averages if average is not None]

    def run(
        self, checkpoint: Checkpoint | None = None, progress: Progress | None = None
    ) -> list[RunResult]:
        """Train to the end."""
        if progress:
            progress.begin()
        done = checkpoint.begin(self) if checkpoint else 0
        if not done:
            self.differentiate(self.whole, self.batches.train[:, : self.batch])
            self.record(0, self.layer_norms())
        for epoch in range(done + 1, self.epochs + 1):
            if not self.active.size:
                break
            started = perf_counter()
            norms = self.train_epoch(epoch)
            self.seconds[self.active] += (perf_counter() - started) / self.active.size
            self.record(epoch, norms)
            self.retire(epoch)
            if checkpoint:
                checkpoint.keep(self, epoch)
            if progress:
                progress.tell(self)
        return self.recorder.results(self.test(), self.steps, self.seconds)

    def train_epoch(self, epoch: int) -> Array:
        """One pass over the training part; returns the layers' gradient norms, (active, layers).

        The norms are those of the epoch's last whole batch, before its step.
        """
        done = (epoch - 1) * self.steps
        rates, weights = self.rates(epoch), self.average_weights(epoch)
        order = np.stack(
            [
                self.order_streams[run].permutation(rows)
                for run, rows in zip(self.active, self.batches.train, strict=True)
            ]
        )
        count = order.shape[1] // self.batch
        rows = order[:, : count * self.batch].reshape(-1, count, self.batch)
        rows = np.ascontiguousarray(rows.swapaxes(0, 1))
        for step in range(count):
            self.differentiate(self.whole, rows[step])
            if step == count - 1:
                norms = self.layer_norms()
            self.update(rates[step], done + step + 1)
            if weights is not None:
                self.average(weights[step])
        if self.remainder:
            self.differentiate(self.remainder, order[:, count * self.batch :])
            self.update(rates[count], done + count + 1)
            if weights is not None:
                self.average(weights[count])
        return norms

    def differentiate(self, passes: Passes, rows: Array) -> None:
        """Write the gradient of the loss on some rows, where the optimizer wants to have it."""
        passes.backpropagate(rows)
        if hasattr(self.optimizer, "climb"):
            self.optimizer.climb(self.params, self.state)
            passes.backpropagate(rows)
        if getattr(self.optimizer, "needs_losses", False):
            self.params.losses[:] = passes.losses() + self.transform.penalty(self.params)

    def rates(self, epoch: int) -> Array:
        """The learning rate of each active run at each step of an epoch, (steps, active, 1)."""
        total = self.epochs * self.steps
        steps = np.arange((epoch - 1) * self.steps, epoch * self.steps)
        losses = self.recorder.curves["validation_loss"][:, 1:epoch]
        rates = []
        for run in self.active:
            config, schedule = self.stack.configs[run], self.stack.schedules[run]
            measured = schedule.after_epochs(losses[run], self.epochs)
            rates.append(config.rate * schedule(steps, total) * measured)
        return np.stack(rates, axis=1)[..., None].astype(self.batches.dtype)

    def update(self, rate: Array, t: int) -> None:
        """One step of the optimizer along the gradients that lie in the parameter stack."""
        self.transform.apply(self.params, self.scratch)
        self.optimizer.step(self.params, self.state, rate, t)

    def average_weights(self, epoch: int) -> Array | None:
        """Weights of the parameters of each active run in their average, as `rates`."""
        steps = np.arange((epoch - 1) * self.steps, epoch * self.steps)
        weights = [average(steps, self.steps, self.epochs) for average in self.averages]
        return np.stack(weights, axis=1)[..., None].astype(self.batches.dtype) if weights else None

    def average(self, weights: Array) -> None:
        """Take the parameters into their averages, with the weights (active, 1)."""
        if not weights.any():
            return
        found = evaluated(self.optimizer, self.params, self.state)
        for mean, now in (
            (self.measured.values, found),
            (self.measured.statistics, self.params.statistics),
        ):
            mean *= 1 - weights
            mean += weights * now

    def layer_norms(self) -> Array:
        """Norm of the gradient of each layer's parameters, (active, layers)."""
        grads, blocks = self.params.grads, self.stack.network.blocks
        return np.stack([row_norms(grads[:, block.start : block.end]) for block in blocks], axis=1)

    def record(self, epoch: int, norms: Array) -> None:
        """Measure the active runs and hand the figures to the recorder."""
        if self.measured is not self.params and not self.averages:
            self.measured.values[:] = evaluated(self.optimizer, self.params, self.state)
            self.measured.statistics[:] = self.params.statistics
        figures = {
            **self.figures("train", self.evaluation, self.batches.train),
            **self.figures("validation", self.evaluation, self.batches.validation),
            "gradient_norm": row_norms(norms),
            "parameter_norm": row_norms(self.measured.values),
        }
        self.recorder.record(epoch, self.active, figures, norms, self.measured.snapshot())

    def figures(self, part: str, passes: Passes, rows: Array) -> dict[str, Array]:
        """Loss and metrics of one part of the data, under names that begin with the part's."""
        outputs, targets = passes.predict(rows)
        batches = passes.batches
        figures = {
            "loss": self.stack.loss.value(outputs, targets),
            **measure(batches.task, outputs, targets, batches.y_unit),
        }
        return {f"{part}_{name}": values for name, values in figures.items()}

    def retire(self, epoch: int) -> None:
        """Take the runs that have diverged, or run out of patience, out of the stack."""
        stay = np.flatnonzero(self.recorder.goes_on(epoch, self.active))
        if stay.size == self.active.size:
            return
        self.optimizer = keep_runs(self.optimizer, stay)
        self.state = tuple(array[stay] for array in self.state)
        self.transform = keep_runs(self.transform, stay)
        params = self.stack.network.params(stay.size, self.batches.dtype)
        params.restore(self.params.snapshot()[stay])
        self.bind(params, self.active[stay], self.measured.snapshot()[stay])

    def test(self) -> dict[str, Array]:
        """Figures of the test part for all runs, at the best validation epoch and at the last.

        Nothing else looks at the test part.
        """
        batches, recorder = self.stack.batches, self.recorder
        figures = {}
        for suffix, values in (("", recorder.best_values), ("_last", recorder.last_values)):
            params = self.stack.network.params(len(values), batches.dtype)
            params.restore(values)
            passes = Passes(self.stack.network, self.stack.loss, batches, params, EVALUATION_ROWS)
            for name, column in self.figures("test", passes, batches.test).items():
                figures[name + suffix] = column
        return figures
