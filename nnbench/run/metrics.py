"""Names of metrics and costs, by task."""

from typing import Literal, TypeAlias

Task: TypeAlias = Literal["classification", "regression"]

OBJECTIVE = {"classification": "accuracy", "regression": "r2"}
"""By task, the metric (higher is better) that chooses the best epoch and that reports compare."""

MEASURED = {"classification": ("accuracy", "loss"), "regression": ("r2", "rmse", "loss")}
"""Task → metrics of each set."""

FIGURES = ("accuracy", "r2", "rmse", "loss")
"""All that is measured of some task."""

BUDGETS = ("steps", "epochs", "flops", "seconds", "params")
"""Units of training cost."""
