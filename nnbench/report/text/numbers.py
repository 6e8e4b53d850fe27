"""Differences, intervals, and probabilities as a report writes them."""

from collections.abc import Sequence

import numpy as np

from nnbench.pages.formatting import WIDE, metric_text, signed
from nnbench.report.metric import Metric
from nnbench.report.statistics import Estimate


def difference_text(metric: Metric, value: float, *, sign: bool = True) -> str:
    """A difference of accuracies in points, of R² with three decimals, of others three digits."""
    if np.isnan(value):
        return "—"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if metric.is_share:
        number = f"{100 * value:.2f}"
    else:
        has_places = metric.name == "r2" and abs(value) < WIDE
        number = f"{value:.3f}" if has_places else f"{value:.3g}"
    if float(number) == 0:
        number = number.lstrip("-")
    plus = "+" if sign and float(number) > 0 else ""
    return plus + signed(number)


def estimate_text(metric: Metric, estimate: Estimate) -> str:
    """A mean with its interval."""
    mean = metric_text(metric.name, estimate.mean)
    if np.isnan(estimate.low):
        return mean
    ends = (estimate.low, estimate.high)
    low, high = (metric_text(metric.name, bound).rstrip("%") for bound in ends)
    return f"{mean} ({low} to {high})"


def paired_text(metric: Metric, estimate: Estimate) -> str:
    """A difference with its interval."""
    if np.isnan(estimate.low):
        return difference_text(metric, estimate.mean)
    return f"{difference_text(metric, estimate.mean)} ({bounds_text(metric, estimate)})"


def bounds_text(metric: Metric, estimate: Estimate, *, sign: bool = True) -> str:
    """The ends of the interval of a difference; without signs the smaller size first."""
    ends = [estimate.low, estimate.high]
    if not sign:
        ends = sorted(map(abs, ends))
    return " to ".join(difference_text(metric, end, sign=sign) for end in ends)


def p_text(p: float) -> str:
    """A probability, as it stands after `p`."""
    if np.isnan(p):
        return "—"
    return "< 0.0001" if p < 0.0001 else f"= {p:.2g}"


def and_text(names: Sequence[str], most: int | None = None) -> str:
    """Several names as one of a sentence; of more than `most` the first, and how many are left."""
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def cost_text(cost: float) -> str:
    """What something cost: whole numbers up to a million, larger ones with three digits."""
    if np.isnan(cost):
        return "—"
    if np.isinf(cost):
        return "never"
    if cost >= 1e6:
        return f"{cost:.2e}".replace("e+0", "e").replace("e+", "e")
    return f"{cost:,.0f}" if cost >= 100 or cost == round(cost) else f"{cost:.3g}"
