"""Loss and metrics of a network on a set of the data."""

from nnbench.engine.arrays import Array
from nnbench.engine.losses import Loss
from nnbench.training.metrics import measure
from nnbench.training.passes import Passes
from nnbench.training.stack import Stack

EVALUATION_ROWS = 256
"""Rows that pass through the network at a time when it is measured."""


def set_metrics(set_name: str, loss: Loss, passes: Passes, rows: Array) -> dict[str, Array]:
    """Loss and metrics (runs,) of rows (runs, rows), under names that begin with the set's."""
    outputs, targets = passes.predict(rows)
    batches = passes.batches
    # Rounding could make different targets equal, which R² must not be measured by.
    exact = targets if batches.y is None else batches.y.exact(rows)
    values = {
        "loss": loss.value(outputs, targets),
        **measure(batches.task, outputs, exact, batches.y_unit),
    }
    return {f"{set_name}_{name}": column for name, column in values.items()}


def metrics_on_test(stack: Stack, best: Array, last: Array) -> dict[str, Array]:
    """Metrics on the test set for all runs of a stack, at the best validation epoch and the last.

    Both are snapshots of the parameters. Nothing else reads the test set.
    """
    metrics = {}
    for suffix, values in (("", best), ("_last", last)):
        params = stack.network.params(len(values), stack.batches.dtype)
        params.restore(values)
        passes = Passes(stack.network, stack.loss, stack.batches, params, EVALUATION_ROWS)
        for name, column in set_metrics("test", stack.loss, passes, stack.batches.test).items():
            metrics[name + suffix] = column
    return metrics
