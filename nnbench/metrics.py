"""Figures of merit, for a stack of runs at once."""

import numpy as np

from nnbench.data.dataset import Task
from nnbench.engine.arrays import Array

OBJECTIVE = {"classification": "accuracy", "regression": "r2"}
"""By task, the metric (higher is better) that chooses the best epoch and that reports compare."""

MEASURED = {"classification": ("accuracy", "loss"), "regression": ("r2", "rmse", "loss")}
"""By task, what is measured of every part of the data."""

FIGURES = ("accuracy", "r2", "rmse", "loss")
"""All that is measured of some task."""

BUDGETS = ("steps", "epochs", "flops", "seconds", "params")
"""What the cost of training can be counted in."""


def measure(task: Task, outputs: Array, targets: Array, target_std: Array) -> dict[str, Array]:
    """Name → (runs,), from outputs and targets (runs, rows, outputs) as the network sees them.

    Classification: `accuracy`, the share of rows whose largest output is the right class.
    Regression: `r2` as sklearn.metrics.r2_score, and `rmse` in the units of the targets (whose
    training part had the standard deviation `target_std`); several targets are averaged.
    """
    if task == "classification":
        hits = outputs.argmax(axis=2) == targets.argmax(axis=2)
        # NaN outputs have an argmax, too, but know nothing.
        return {"accuracy": np.where(np.isfinite(outputs).all(axis=(1, 2)), hits.mean(axis=1), 0.0)}
    errors = np.square(outputs - targets, dtype=np.float64).sum(axis=1)
    spread = np.square(targets - targets.mean(axis=1, keepdims=True), dtype=np.float64).sum(axis=1)
    # Targets without spread (as of a single row) leave nothing to explain.
    unexplained = np.where(errors > 0, 1.0, 0.0)
    r2 = 1 - np.divide(errors, spread, out=unexplained, where=spread > 0)
    rmse = np.sqrt(errors / targets.shape[1]) * target_std[:, 0]
    return {"r2": r2.mean(axis=1), "rmse": rmse.mean(axis=1)}


def row_norms(array: Array) -> Array:
    """Euclidean norm of each run's vector: (runs, size) → (runs,)."""
    # Not einsum, which sums in chunks of its buffer that depend on the rows beside.
    norms: Array = np.sqrt(np.add.reduce(np.square(array), axis=1))
    return norms
