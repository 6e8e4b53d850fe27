"""Training cost of a run, counted in each of the budgets."""

import numpy as np
import pandas as pd

from nnbench.run.metrics import BUDGETS

PASSES = 3
"""Forward, and backward twice as much: for the weights and for the inputs of each layer (Kaplan et
al. 2020)."""

TITLES = {
    "steps": "steps",
    "epochs": "epochs",
    "flops": "multiply-adds of training",
    "seconds": "seconds (of runs trained alone)",
    "params": "parameters",
}
"""Budget → what it is called."""


def costs(runs: pd.DataFrame) -> pd.DataFrame:
    """A column for each budget and a row for each run; NaN where it isn't known.

    Nor are the seconds of a run known that trained in a stack with others.
    """
    training = training_rows(runs)
    # A run that keeps fewer rows of its training set sees no others.
    training = numbers(runs, "dataset.train_rows").fillna(training).where(training.notna())
    batch = numbers(runs, "batch_size")
    if "batch_size" in runs:
        batch = batch.mask(runs["batch_size"] == "full", training)
    steps, n_flops = numbers(runs, "steps"), numbers(runs, "n_flops")
    epochs: pd.Series = steps / np.ceil(training / batch)
    costs = {
        "steps": steps,
        "epochs": epochs,
        "flops": PASSES * n_flops * epochs * training,
        "seconds": numbers(runs, "seconds").where(trained_alone(runs)),
        "params": numbers(runs, "n_params"),
    }
    return pd.DataFrame({budget: costs[budget] for budget in BUDGETS}, index=runs.index)


def trained_alone(runs: pd.DataFrame) -> pd.Series:
    """True for each run that had its stack to itself, so that its seconds are its own.

    Runs of versions that did not track it count as trained together.
    """
    return numbers(runs, "stack_runs") == 1


def training_rows(runs: pd.DataFrame) -> pd.Series:
    """Number of examples that the split of each run leaves for training, kept or not."""
    rows, own = numbers(runs, "rows"), numbers(runs, "test_rows").fillna(0)
    others = rows - own
    validation = (numbers(runs, "validation_size") * others).round().clip(lower=1)
    drawn = (numbers(runs, "test_size") * rows).round().clip(lower=1)
    return others - validation - drawn.where(own == 0, 0)


def test_rows(runs: pd.DataFrame) -> pd.Series:
    """Number of rows of the test set of each run."""
    rows, own = numbers(runs, "rows"), numbers(runs, "test_rows").fillna(0)
    drawn = (numbers(runs, "test_size") * rows).round().clip(lower=1)
    return drawn.where(own == 0, own)


def numbers(runs: pd.DataFrame, column: str) -> pd.Series:
    """A column as numbers; NaN for what isn't there, or isn't one."""
    if column not in runs:
        return pd.Series(np.nan, index=runs.index)
    return pd.to_numeric(runs[column], errors="coerce").astype(float)
