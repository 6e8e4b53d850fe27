"""Loss and metrics of networks on sets of the data, some runs and some rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from math import ceil, prod
from typing import NamedTuple

import numpy as np

from nnbench.data.batches import Batches
from nnbench.data.standardised import Standardised
from nnbench.engine.arrays import Array, Workspace
from nnbench.engine.network import Network
from nnbench.engine.streams import stream
from nnbench.training.metrics import ClassTargets, NumberTargets
from nnbench.training.stack import Stack

BUFFER_BYTES = 2_000_000
"""Memory that the arrays of one layer take in an evaluation, so that they stay in the cache.

With 20 to 60 images of 8×8 at a time, three convolutions of 32 channels take 11.5 ms for 360 of
them, with 120 or more 16.5. Less memory costs more calls: a recurrent layer takes 0.54 ms for 360
rows at once, and 1.1 for 45 at a time.
"""

Look = Callable[[slice, int, Array], None]
"""A function that gets some runs, the position of a layer, and what it puts out for them."""


class MeasuredSets(NamedTuple):
    """Sets of equally many rows of some runs, side by side, with their targets."""

    names: Sequence[str]
    span: slice
    """The positions of their rows among those of all sets."""
    loss_targets: Array
    """(runs · sets, rows, outputs): the targets as the loss sees them."""
    targets: ClassTargets | NumberTargets


class Group(NamedTuple):
    """Some runs of a stack, which are evaluated together."""

    runs: slice
    x: Standardised
    rows: Array
    """(runs, rows of all sets)"""
    sets: Sequence[MeasuredSets]


class Evaluation:
    """The rows of some sets of a stack's runs, their targets, and buffers to evaluate them.

    How many rows pass through the network at a time depends on shapes alone, since a row may come
    out in other bits among more of them; so a run gets in any stack what it gets alone.
    """

    def __init__(self, stack: Stack, batches: Batches, sets: Mapping[str, Array]) -> None:
        self.loss, dtype = stack.loss, batches.dtype
        self.runs, count = len(batches.train), sum(rows.shape[1] for rows in sets.values())
        self.count = count
        batch, group = rows_and_runs(stack.network, count, self.runs, dtype.itemsize)
        work = Workspace(group, batch, dtype)
        self.params = stack.network.params(group, dtype)
        self.network = stack.network.bind(self.params, work)
        self.x = work.activations(batches.in_shape)
        # The last rows and the last runs are filled up with some that are there already.
        self.outputs = work.buffer((batch * ceil(count / batch), batches.outputs))
        starts = [min(start, self.runs - group) for start in range(0, self.runs, group or 1)]
        self.groups = [
            group_of(batches, sets, slice(start, start + group), self.outputs.shape[1])
            for start in starts
        ]
        for other in self.groups:
            other.x.buffers = self.groups[0].x.buffers

    def metrics(self, values: Array, look: Look | None = None) -> dict[str, Array]:
        """Loss and metrics (runs,), under names that begin with the set's.

        `values` are a `ParamStack.snapshot` of all runs.
        """
        columns: dict[str, Array] = {}
        for group, outputs in self.predict(values, look):
            for names, span, loss_targets, targets in group.sets:
                chosen = outputs[:, span].reshape(loss_targets.shape)
                measured = {
                    "loss": self.loss.value(chosen, loss_targets),
                    **targets.metrics(chosen),
                }
                for number, name in enumerate(names):
                    for metric, column in measured.items():
                        whole = columns.setdefault(f"{name}_{metric}", np.empty(self.runs))
                        whole[group.runs] = column[number :: len(names)]
        return columns

    def predict(self, values: Array, look: Look | None = None) -> Iterator[tuple[Group, Array]]:
        """The groups of runs, each with its outputs (runs, rows, outputs), in memory used again."""
        batch = self.x.shape[1]
        for group in self.groups:
            self.params.restore(values[group.runs])
            watch = partial(look, group.runs) if look is not None else None
            for start in range(0, self.count, batch):
                rows = slice(start, start + batch)
                group.x.gather(group.rows[:, rows], self.x)
                self.outputs[:, rows] = self.network.forward(self.x, train=False, watch=watch)
            yield group, self.outputs[:, : self.count]


def numbers_of_a_row(network: Network) -> int:
    """Numbers that a row takes in the largest layer: what it puts out, and its products read."""
    return max(prod(plan.out_shape) + plan.products // plan.out_shape[-1] for plan in network.plans)


def rows_and_runs(network: Network, rows: int, runs: int, itemsize: int) -> tuple[int, int]:
    """Numbers of rows and of runs, of so many, that are evaluated at a time."""
    row_bytes = numbers_of_a_row(network) * itemsize
    batch = portion(rows, BUFFER_BYTES // row_bytes)
    return batch, portion(runs, BUFFER_BYTES // (row_bytes * batch))


def portion(count: int, most: int) -> int:
    """The size of equal portions of so many things, at most `most` (or one) of them in each."""
    portions = max(1, ceil(count / max(1, most)))
    return ceil(count / portions)


def group_of(batches: Batches, sets: Mapping[str, Array], runs: slice, count: int) -> Group:
    """Some runs of a stack, with `count` rows: the last one is repeated."""
    own = batches.select(np.arange(runs.start, runs.stop))
    rows = np.concatenate([rows[runs] for rows in sets.values()], axis=1)
    measured, start = [], 0
    # Sets of one size are measured in one go, as if they were those of more runs.
    for size, names in groupby(sets, lambda name: sets[name].shape[1]):
        chosen = list(names)
        span = slice(start, start + size * len(chosen))
        measured.append(MeasuredSets(chosen, span, *targets_of(own, rows[:, span], len(chosen))))
        start = span.stop
    padded = np.pad(rows, ((0, 0), (0, count - start)), mode="edge")
    return Group(runs, own.x, padded, measured)


def targets_of(
    batches: Batches, rows: Array, sets: int
) -> tuple[Array, ClassTargets | NumberTargets]:
    """The targets of rows (runs, sets · rows), as the loss and as metrics see them."""
    shape = (len(rows) * sets, -1, batches.outputs)
    loss_targets = np.empty((*rows.shape, batches.outputs), batches.dtype)
    if batches.y is None:
        np.take(batches.classes, rows, axis=0, out=loss_targets)
        loss_targets = loss_targets.reshape(shape)
        return loss_targets, ClassTargets(loss_targets.argmax(axis=2))
    batches.y.gather(rows, loss_targets)
    # Rounding could make different targets equal, which R² must not be measured by.
    exact = batches.y.exact(rows).reshape(shape)
    return loss_targets.reshape(shape), NumberTargets(
        exact, np.repeat(batches.y_unit, sets, axis=0)
    )


def subset_of(training_rows: Array, size: int, seed: int) -> Array:
    """The rows (size,) of a run's training set by which its curves are measured, or all there are.

    They are the same in all epochs, and drawn from a stream of their own.
    """
    if size >= len(training_rows):
        return training_rows
    return stream(seed, "evaluation").permutation(training_rows)[:size]


def metrics_at_end(
    stack: Stack, best: Array, last: Array, finished: Array, later: Array
) -> dict[str, Array]:
    """Metrics (runs,) on all of the training set and on the test set; NaN unless `finished`.

    They are those of the parameters at the best validation epoch and at the last, both a
    `ParamStack.snapshot`; `later` is true for the runs whose last epoch is not their best. Nothing
    else reads the test set.
    """
    runs = np.flatnonzero(finished)
    if not runs.size:
        return {}
    batches = stack.batches.select(runs)
    evaluation = Evaluation(stack, batches, {"train": batches.train, "test": batches.test})
    at_best = evaluation.metrics(best[runs])
    at_last = evaluation.metrics(last[runs]) if later[runs].any() else at_best
    named = {f"best_{name}" if name.startswith("train") else name: c for name, c in at_best.items()}
    named |= {f"{name}_last": column for name, column in at_last.items()}
    columns = {name: np.full(len(finished), np.nan) for name in named}
    for name, column in named.items():
        columns[name][runs] = column
    return columns
