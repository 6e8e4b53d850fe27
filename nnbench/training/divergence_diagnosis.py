"""Divergence diagnosis: the step and layer where runs left the finite numbers.

That they have is noticed at the end of an epoch, since looking after every step would cost every
run a tenth of its time. So what decides how runs go on is kept now and then, and from there the
diverged ones alone train once more, watched in their last epoch.
"""

from copy import copy

import numpy as np

from nnbench.engine.arrays import Array, ParamStack
from nnbench.engine.network import Network
from nnbench.optim.optimizer import arrays_of, map_arrays
from nnbench.training.state import Training
from nnbench.training.steps import steps_of

EVERY = 10
"""Epochs between two snapshots; one takes about a fiftieth of a step on all rows."""


class Snapshot:
    """Everything that decides how a stack's active runs go on, in memory allocated once."""

    def __init__(self, training: Training) -> None:
        self.params = training.params.snapshot()
        self.measured = training.measured.snapshot()
        self.state = map_arrays(lambda array: array.copy(), training.state)
        self.epoch = 0
        """The epoch before which it was taken; 0 for none."""

    def take(self, training: Training, epoch: int) -> None:
        """Keep what is now, before an epoch, if the last time is long ago."""
        if self.epoch and epoch < self.epoch + EVERY:
            return
        self.epoch = epoch
        training.params.snapshot(out=self.params)
        if training.measured is not training.params:
            training.measured.snapshot(out=self.measured)
        for copied, array in zip(arrays_of(self.state), arrays_of(training.state), strict=True):
            np.copyto(copied, array)
        self.streams = {
            name: [streams[run].bit_generator.state for run in training.active]
            for name, streams in training.streams.items()
        }

    def revive(self, training: Training, rows: Array) -> Training:
        """A stack of the active runs at `rows`, as they were; their streams of chance go back."""
        for name, states in self.streams.items():
            for row in rows:
                training.streams[name][training.active[row]].bit_generator.state = states[row]
        again = copy(training)
        state = map_arrays(lambda array: array[rows], self.state)
        again.go_on(rows, self.params[rows], self.measured[rows], state)
        return again


class Watch:
    """Notes where each run has its first number that isn't finite, as an observer of passes."""

    def __init__(self, params: ParamStack, network: Network) -> None:
        self.params, self.network = params, network
        self.step = 0
        self.steps = np.zeros(params.runs, int)
        self.layers = np.full(params.runs, -1)
        """Number of the block; -1 where every number was finite."""

    def handed_on(self, position: int, y: Array) -> None:
        """Examine the outputs of a layer."""
        self.look(y, self.network.block_of[position])

    def evaluated(self, runs: slice, position: int, y: Array) -> None:
        """Examine the outputs of a layer for some of the runs."""
        self.look(y, self.network.block_of[position], runs)

    def differentiated(self, network: Network) -> None:
        """Examine the gradients, from the output back."""
        for number, block in reversed(list(enumerate(self.network.blocks))):
            self.look(self.params.grads[:, block.start : block.end], number)

    def updated(self) -> None:
        """Examine the parameters."""
        for number, block in enumerate(self.network.blocks):
            self.look(self.params.values[:, block.start : block.end], number)

    def look(self, array: Array, layer: int, runs: slice = slice(None)) -> None:
        """Note the runs of an array (runs, …) in which a number isn't finite."""
        finite = np.isfinite(array).all(axis=tuple(range(1, array.ndim)))
        layers, steps = self.layers[runs], self.steps[runs]
        new = ~finite & (layers < 0)
        layers[new], steps[new] = layer, self.step


def examine(training: Training, snapshot: Snapshot, rows: Array, epoch: int) -> tuple[Array, Array]:
    """The step and the layer (the block's number) where the active runs at `rows` diverged.

    Both are (rows,). Where no layer has put out, and no parameter or gradient has become, what is
    not a finite number, the layer is -1 and the step the epoch's last.
    """
    again = snapshot.revive(training, rows)
    for earlier in range(snapshot.epoch, epoch):
        for step in steps_of(again, earlier):
            again.take(step)
    watch = Watch(again.params, again.stack.network)
    for passes in (again.whole, again.remainder):
        if passes is not None:
            passes.observer = watch
    for step in steps_of(again, epoch):
        watch.step = step.t
        again.take(step)
        watch.updated()
        if (watch.layers >= 0).all():
            return watch.steps, watch.layers
    again.measure(watch.evaluated)
    return np.where(watch.layers < 0, watch.step, watch.steps), watch.layers
