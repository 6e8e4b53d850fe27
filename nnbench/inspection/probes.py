"""Linear probes: what a linear model can read from the outputs of a layer (Alain & Bengio 2016)."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnbench.engine.arrays import Array
from nnbench.run.metrics import Task

STEPS = 1000
"""Iterations of a logistic regression, at most."""


@dataclass(frozen=True)
class Probe:
    """A linear model of standardised outputs of a layer."""

    model: Any
    """A pipeline of scikit-learn's."""

    def score(self, outputs: Array, targets: Array) -> float:
        """The share of right classes, or R², averaged over targets."""
        return float(self.model.score(as_float(outputs), targets))

    def predict(self, outputs: Array) -> Array:
        """Classes (rows,) or targets (rows, targets)."""
        return np.asarray(self.model.predict(as_float(outputs)))

    @property
    def converged(self) -> bool:
        """True if the fit converged."""
        steps = getattr(self.model[-1], "n_iter_", None)
        return steps is None or int(np.max(steps)) < STEPS


def fit(task: Task, outputs: Array, targets: Array) -> Probe:
    """A logistic regression of classes (rows,) or ridge regression of targets (rows, targets).

    Outputs are (rows, numbers). Both have the weight penalty 1 that is scikit-learn's default.
    """
    linear = LogisticRegression(max_iter=STEPS) if task == "classification" else Ridge()
    model = make_pipeline(StandardScaler(), linear)
    with warnings.catch_warnings():
        # `converged` says so.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return Probe(model.fit(as_float(outputs), targets))


def as_float(outputs: Array) -> Array:
    """Outputs in double precision, in which solvers end where they should."""
    return outputs.astype(np.float64)


def score(task: Task, targets: Array, predicted: Array) -> float:
    """The share of right classes, or R², averaged over targets."""
    judge = accuracy_score if task == "classification" else r2_score
    return float(judge(targets, predicted))
