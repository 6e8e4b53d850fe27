"""Differences, intervals and commands as a report writes them."""

import shlex

import numpy as np

from nnbench.pages.wording import metric_text, signed
from nnbench.report.statistics import Estimate


def difference_text(metric: str, value: float, *, sign: bool = True) -> str:
    """A difference of accuracies in points, of R² with three decimals."""
    if np.isnan(value):
        return "—"
    number = f"{100 * value:.2f}" if metric == "accuracy" else f"{value:.3f}"
    if float(number) == 0:
        number = number.lstrip("-")
    plus = "+" if sign and float(number) > 0 else ""
    return plus + signed(number)


def estimate_text(metric: str, estimate: Estimate) -> str:
    """A mean with its interval."""
    if np.isnan(estimate.low):
        return metric_text(metric, estimate.mean)
    low, high = (metric_text(metric, bound).rstrip("%") for bound in (estimate.low, estimate.high))
    return f"{metric_text(metric, estimate.mean)} ({low} to {high})"


def paired_text(metric: str, estimate: Estimate) -> str:
    """A difference with its interval."""
    if np.isnan(estimate.low):
        return difference_text(metric, estimate.mean)
    low, high = (difference_text(metric, bound) for bound in (estimate.low, estimate.high))
    return f"{difference_text(metric, estimate.mean)} ({low} to {high})"


def command_with(command: str, **settings: str) -> str:
    """The command that trains the runs, with other settings; nothing if it isn't known."""
    if not command:
        return ""
    python, flag, module, *words = shlex.split(command)
    words = [word for word in words if word.partition("=")[0] not in settings]
    sweeps = any("," in value for value in settings.values())
    if sweeps and not {"-m", "--multirun"} & set(words):
        words.insert(0, "-m")
    words += [f"{key}={value}" for key, value in settings.items()]
    return shlex.join([python, flag, module, *words])
