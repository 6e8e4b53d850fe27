"""Differences, intervals, probabilities and commands as a report writes them."""

import shlex
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nnbench.pages.wording import WIDE, metric_text, signed
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


def command_with(command: str, **settings: str) -> str:
    """The command that trains the runs, with other settings; nothing if it isn't known.

    Of several, a line each.
    """
    return by_line(command, lambda words: with_settings(words, settings))


def with_settings(words: Sequence[str], settings: Mapping[str, str]) -> list[str]:
    """The words of one command with other settings."""
    python, flag, module, *rest = words
    # A quick look has less of everything, whatever is asked for.
    rest = [word for word in rest
            if word.partition("=")[0] not in settings and not is_quick(word)]  # fmt: skip
    # A list or a mapping is one value.
    sweeps = any("," in value and value[0] not in "[{" for value in settings.values())
    if sweeps and not {"-m", "--multirun"} & set(rest):
        rest.insert(0, "-m")
    return [python, flag, module, *rest, *(f"{key}={value}" for key, value in settings.items())]


def is_quick(word: str) -> bool:
    """Whether a word asks for a quick look."""
    return word.lower() == "quick=true"


def by_line(command: str, change: Callable[[list[str]], list[str]]) -> str:
    """Several commands, a line each, after a change of their words; the same ones once."""
    lines = (shlex.join(change(shlex.split(line))) for line in command.splitlines())
    return "\n".join(dict.fromkeys(lines))


def number_word(value: float) -> str:
    """A number as a command has it, whole ones with all their digits."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:g}"


def command_without(command: str, *keys: str) -> str:
    """The command that trains the runs, with nnbench's own settings of some keys."""
    return by_line(
        command, lambda words: [word for word in words if word.partition("=")[0] not in keys]
    )


def cost_text(cost: float) -> str:
    """What something cost: whole numbers up to a million, larger ones with three digits."""
    if np.isnan(cost):
        return "—"
    if np.isinf(cost):
        return "never"
    if cost >= 1e6:
        return f"{cost:.2e}".replace("e+0", "e").replace("e+", "e")
    return f"{cost:,.0f}" if cost >= 100 or cost == round(cost) else f"{cost:.3g}"
