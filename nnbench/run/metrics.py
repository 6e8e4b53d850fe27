"""Names of metrics and costs, by task."""

from typing import Literal, TypeAlias

Task: TypeAlias = Literal["classification", "regression"]

OBJECTIVE = {"classification": "accuracy", "regression": "r2"}
"""Metric by task (higher is better) that chooses the best epoch and that reports compare."""

MEASURED = {"classification": ("accuracy", "loss"), "regression": ("r2", "rmse", "loss")}
"""Task → metrics of each set."""

METRICS = ("accuracy", "r2", "rmse", "loss")
"""All metrics of any task."""

TIMES = ("steps_to_target", "epochs_to_target")
"""Times until the validation metric of the task is first at a fixed target."""

GAP = "generalization_gap"
"""Training minus test score at the best epoch."""

RATE_LIMIT = "learning_rate_limit"
"""The largest learning rate at which a compared value trains, which all its runs have together."""

OUTCOMES = (
    *(f"test_{name}" for name in METRICS),
    *(f"{name_of_set}_{name}_last" for name_of_set in ("test", "train") for name in METRICS),
    GAP,
    *TIMES,
    RATE_LIMIT,
)
"""All that a report can compare."""

BUDGETS = ("steps", "epochs", "flops", "seconds", "params")
"""Units of training cost."""


def metric_in(outcome: str) -> str | None:
    """The metric that an outcome names, such as loss for test_loss_last; None for none."""
    name = outcome.removesuffix("_last").partition("_")[2]
    return name if name in METRICS else None
