"""Metrics of outputs, for a stack of runs at once."""

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.run.metrics import Task


def measure(task: Task, outputs: Array, targets: Array, unit: Array) -> dict[str, Array]:
    """Name → (runs,), from outputs and targets (runs, rows, outputs) as the network sees them.

    Classification: `accuracy`, the share of rows whose largest output is the right class.
    Regression: `r2` as sklearn.metrics.r2_score, and `rmse` in the units of the targets, of which
    one unit of the outputs is `unit`, (runs, outputs); several targets are averaged.
    """
    if task == "classification":
        hits = outputs.argmax(axis=2) == targets.argmax(axis=2)
        # Outputs that are not a number have an argmax, too, but know nothing.
        return {"accuracy": (hits & np.isfinite(outputs).all(axis=2)).mean(axis=1)}
    targets = targets.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        rmse = root_mean_square(outputs - targets)
        deviation = root_mean_square(targets - targets.mean(axis=1, keepdims=True))
        # The extremes are exact; a mean of equal numbers may be another number.
        constant = targets.max(axis=1) == targets.min(axis=1)
        missed = np.where(rmse == 0, 0.0, 1.0)
        r2 = 1 - np.divide(rmse, deviation, out=missed, where=~constant) ** 2
        return {"r2": r2.mean(axis=1), "rmse": (rmse * unit).mean(axis=1)}


def root_mean_square(values: Array) -> Array:
    """Root mean square over the rows, (runs, rows, outputs) → (runs, outputs).

    Squares neither overflow nor vanish, whatever finite values there are.
    """
    largest = np.abs(values).max(axis=1, keepdims=True)
    scale = np.where(largest > 0, largest, 1)
    root: Array = scale[:, 0] * np.sqrt(np.square(values / scale).mean(axis=1))
    return root
