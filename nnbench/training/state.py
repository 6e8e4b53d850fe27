"""The state of a stack in training: data, parameters and buffers, and how one step moves them."""

from typing import NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, ParamStack, norms, zeros_like
from nnbench.engine.streams import stream
from nnbench.optim.averages import Average
from nnbench.optim.optimizer import State, keep_runs
from nnbench.training.evaluation import Evaluation, Look, subset_of
from nnbench.training.passes import Passes
from nnbench.training.recorder import Recorder
from nnbench.training.stack import Stack


class Step(NamedTuple):
    """One step that is to be taken."""

    passes: Passes
    rows: Array
    """(active, batch)"""
    rate: Array
    """(active, 1)"""
    weights: Array | None
    """Weights of the parameters in their average, (active, 1)."""
    t: int
    """Number of the step in the whole training, from 1."""
    shows: tuple[int, ...]
    """Epochs for which the run is observed."""


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
        self.streams = {
            "order": [stream(config.seed, "order") for config in stack.configs],
            "dropout": [stream(config.seed, "dropout") for config in stack.configs],
        }
        """The streams of chance that training draws from, by purpose, a stream a run each."""
        size = stack.batches.validation.shape[1]
        self.subset = np.stack(
            [
                subset_of(rows, size, config.seed)
                for rows, config in zip(stack.batches.train, stack.configs, strict=True)
            ]
        )
        """(runs, rows): the rows of the training set that are measured in every epoch."""
        self.seconds = np.zeros(runs)
        self.done = 0.0
        """Epochs that are done, with the share of the current one."""

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
        if self.averages or self.optimizer.evaluates_others:
            self.measured = self.stack.network.params(params.runs, params.values.dtype)
            self.measured.restore(measured)
        self.batches = self.stack.batches.select(active)
        self.whole = self.passes(self.batch)
        remainder = self.batches.train.shape[1] % self.batch
        self.remainder = self.passes(remainder) if remainder else None
        sets = {"train": self.subset[active], "validation": self.batches.validation}
        self.evaluation = Evaluation(self.stack, self.batches, sets)
        self.scratch = zeros_like(params.values)

    def go_on(self, rows: Array, params: Array, measured: Array, state: State) -> None:
        """Go on with the active runs at `rows` alone, from a snapshot and a state of those."""
        self.optimizer = keep_runs(self.optimizer, rows)
        self.transform = keep_runs(self.transform, rows)
        self.state = state
        memory = self.stack.network.params(len(rows), self.stack.batches.dtype)
        memory.restore(params)
        self.bind(memory, self.active[rows], measured)

    def passes(self, batch: int) -> Passes:
        """Passes on training batches of one size for the active runs."""
        network, loss = self.stack.network, self.stack.loss
        chance = [self.streams["dropout"][run] for run in self.active]
        return Passes(network, loss, self.batches, self.params, batch, chance)

    @property
    def averages(self) -> list[Average]:
        """Averages of the active runs' parameters; empty for none."""
        averages = [self.stack.averages[run] for run in self.active]
        return [average for average in averages if average is not None]

    def take(self, step: Step) -> None:
        """Take one step."""
        self.differentiate(step.passes, step.rows)
        self.transform.apply(self.params, self.scratch)
        self.optimizer.step(self.params, self.state, step.rate, step.t)
        if step.weights is not None:
            self.average(step.weights)

    def differentiate(self, passes: Passes, rows: Array) -> None:
        """Write the gradient of the loss on some rows, where the optimizer wants to have it."""
        optimizer = self.optimizer
        passes.backpropagate(rows)
        if optimizer.climbs:
            optimizer.climb(self.params, self.state)
            passes.backpropagate(rows)
            optimizer.descend(self.params, self.state)
        if optimizer.needs_losses:
            self.params.losses[:] = passes.losses() + self.transform.penalty(self.params)

    def average(self, weights: Array) -> None:
        """Take the parameters into their averages, with the weights (active, 1)."""
        if not weights.any():
            return
        evaluated = self.optimizer.evaluated(self.params, self.state)
        for mean, now, scratch in (
            (self.measured.values, evaluated, self.scratch),
            (self.measured.statistics, self.params.statistics, None),
        ):
            mean *= 1 - weights
            mean += np.multiply(weights, now, out=scratch)

    def measure(self, look: Look | None = None) -> tuple[dict[str, Array], Array]:
        """Metrics of the active runs now, name → (active,), and a snapshot of what they are of."""
        if self.measured is not self.params:
            evaluated_values = self.optimizer.evaluated(self.params, self.state)
            if not self.averages:
                self.measured.values[:] = evaluated_values
                self.measured.statistics[:] = self.params.statistics
            other = evaluated_values is not self.params.values
            if other and self.measured.statistics.size and self.done:
                self.remeasure()
        snapshot = self.measured.snapshot()
        metrics = self.evaluation.metrics(snapshot, look)
        return {
            **metrics,
            "parameter_norm": norms(self.measured.values, self.scratch)[:, 0],
        }, snapshot

    def remeasure(self) -> None:
        """Take the layers' statistics of the evaluated parameters, on the training set.

        Training took those of other parameters. The passes draw from a stream that begins anew each
        time, so that training is the same as without them.
        """
        stack, measured = self.stack, self.measured
        chance = [stream(stack.configs[run].seed, "statistics") for run in self.active]
        measured.statistics[:] = stack.network.statistics
        passes = Passes(stack.network, stack.loss, self.batches, measured, self.batch, chance)
        passes.remeasure(self.batches.train)
