"""Numbers and names as pages write them."""

from collections.abc import Hashable, Sequence

import numpy as np

from nnbench.system.limits import count_text as count_text

WIDE = 1e4
"""A number from which on three digits are enough."""

METRIC_NAMES = {"accuracy": "accuracy", "r2": "R²", "rmse": "RMSE", "loss": "loss"}


def metric_text(metric: str, value: float) -> str:
    """An accuracy in per cent, an R² with three decimals, others with three digits."""
    if np.isnan(value):
        return "—"
    if np.isinf(value):
        return "worst"
    if metric == "accuracy":
        return f"{rounded(f'{100 * value:.1f}')}%"
    return rounded(f"{value:.3f}" if metric == "r2" and abs(value) < WIDE else f"{value:.3g}")


def rounded(number: str) -> str:
    """A number with a minus sign, unless its digits are all zero."""
    return signed(number if float(number) else number.lstrip("-"))


def setting_text(value: Hashable) -> str:
    """A setting as it is typed on the command line; of several, a list of them."""
    if isinstance(value, tuple):
        return ", ".join(map(setting_text, value))
    if value is None or value != value:
        return "null"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def signed(number: str) -> str:
    """A number with a minus sign instead of a hyphen."""
    return number.replace("-", "−")


def is_ordered(values: Sequence[Hashable]) -> bool:
    """True if the values are numbers, which have an order to show."""
    return all(isinstance(value, int | float) for value in values)
