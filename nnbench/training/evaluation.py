"""What a network is worth: loss and metrics of a part of the data."""

from typing import TYPE_CHECKING

from nnbench.engine.arrays import Array
from nnbench.engine.losses import Loss
from nnbench.engine.streams import stream
from nnbench.training.metrics import measure
from nnbench.training.passes import Passes
from nnbench.training.stack import Stack

if TYPE_CHECKING:
    from nnbench.training.loop import Training

EVALUATION_ROWS = 256
"""Rows that pass through the network at a time when it is measured."""


def remeasure(training: "Training") -> None:
    """Take the statistics of the parameters that are evaluated, on the training part.

    Training took those of other parameters. It draws from a stream that begins anew each time, so
    that training is the same as if it had not been done.
    """
    stack, measured = training.stack, training.measured
    chance = [stream(stack.configs[run].seed, "statistics") for run in training.active]
    measured.statistics[:] = stack.network.statistics
    passes = Passes(stack.network, stack.loss, training.batches, measured, training.batch, chance)
    passes.remeasure(training.batches.train)


def figures(part: str, loss: Loss, passes: Passes, rows: Array) -> dict[str, Array]:
    """Loss and metrics (runs,) of rows (runs, rows), under names that begin with the part's."""
    outputs, targets = passes.predict(rows)
    batches = passes.batches
    # Rounding could make different targets equal, which R² must not be measured by.
    exact = targets if batches.y is None else batches.y.exact(rows)
    found = {
        "loss": loss.value(outputs, targets),
        **measure(batches.task, outputs, exact, batches.y_unit),
    }
    return {f"{part}_{name}": values for name, values in found.items()}


def figures_of_test(stack: Stack, best: Array, last: Array) -> dict[str, Array]:
    """Figures of the test part for all runs of a stack, at the best validation epoch and the last.

    Both are snapshots of the parameters. Nothing else looks at the test part.
    """
    found = {}
    for suffix, values in (("", best), ("_last", last)):
        params = stack.network.params(len(values), stack.batches.dtype)
        params.restore(values)
        passes = Passes(stack.network, stack.loss, stack.batches, params, EVALUATION_ROWS)
        for name, column in figures("test", stack.loss, passes, stack.batches.test).items():
            found[name + suffix] = column
    return found
