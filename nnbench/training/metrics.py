"""Metrics of outputs, for a stack of runs at once; what only depends on the targets is kept."""

import numpy as np

from nnbench.engine.arrays import Array


class ClassTargets:
    """The right classes of some rows, (runs, rows)."""

    def __init__(self, numbers: Array) -> None:
        self.numbers = numbers

    def metrics(self, outputs: Array) -> dict[str, Array]:
        """`accuracy` (runs,): the share of rows whose largest output is the right class."""
        hits = outputs.argmax(axis=2) == self.numbers
        finite = np.isfinite(outputs)
        if not finite.all():
            # Outputs that are not a number have an argmax, too, but know nothing.
            hits &= finite.all(axis=2)
        return {"accuracy": np.count_nonzero(hits, axis=1) / hits.shape[1]}


class NumberTargets:
    """The targets of a regression, (runs, rows, outputs), as exactly as they are known.

    `unit` is one unit of the outputs in that of the targets, (runs, outputs).
    """

    def __init__(self, exact: Array, unit: Array) -> None:
        self.exact = exact.astype(np.float64)
        self.unit = unit
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self.exact.mean(axis=1, keepdims=True)
            self.deviation = root_mean_square(self.exact - mean)
        # The extremes are exact; a mean of equal numbers may be another number.
        self.varies = self.exact.max(axis=1) != self.exact.min(axis=1)

    def metrics(self, outputs: Array) -> dict[str, Array]:
        """`r2` as sklearn.metrics.r2_score, and `rmse` in the targets' units; both (runs,).

        Several targets are averaged.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            rmse = root_mean_square(outputs - self.exact)
            missed = np.where(rmse == 0, 0.0, 1.0)
            r2 = 1 - np.divide(rmse, self.deviation, out=missed, where=self.varies) ** 2
            return {"r2": r2.mean(axis=1), "rmse": (rmse * self.unit).mean(axis=1)}


def root_mean_square(values: Array) -> Array:
    """Root mean square over the rows, (runs, rows, outputs) → (runs, outputs).

    Squares neither overflow nor vanish, whatever finite values there are.
    """
    largest = np.abs(values).max(axis=1, keepdims=True)
    scale = np.where(largest > 0, largest, 1)
    root: Array = scale[:, 0] * np.sqrt(np.square(values / scale).mean(axis=1))
    return root
