"""From the words of a sweep to those of each of its jobs, counted before they are made."""

from collections.abc import Mapping
from dataclasses import fields
from math import ceil, isfinite, prod
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.types import Override, RangeSweep

from nnbench.options.components import is_number
from nnbench.options.overrides import split_override
from nnbench.run.config import Job, Limits
from nnbench.run.errors import ConfigError, suggestion
from nnbench.system.limits import require_runs

LIMITS = tuple(field.name for field in fields(Limits))


def split(overrides: list[Override], limits: Limits) -> list[list[str]]:
    """The product of all swept values, counted before it is made.

    Raises LimitError for more jobs than there may be runs, ConfigError for a sweep over nothing.
    """
    swept = [(count(override), override) for override in overrides if override.is_sweep_override()]
    if swept:
        _, widest = max(swept, key=lambda pair: pair[0])
        key, value = split_override(widest.input_line or "")
        require_runs(prod(number for number, _ in swept), limits.runs, key, value)
    (jobs,) = BasicSweeper.split_arguments(overrides, max_batch_size=None)
    return [list(job) for job in jobs]


def count(override: Override) -> int:
    """Number of values that a word sweeps over. Raises ConfigError if there are none."""
    key, text = split_override(override.input_line or "")
    if not override.is_discrete_sweep():
        raise ConfigError(key, text, "needs a sweeper that samples intervals; list values: 1,2,3")
    values = override.value()
    if isinstance(values, RangeSweep):
        ends = [float(end) for end in (values.start, values.stop, values.step) if end is not None]
        if not (len(ends) == 3 and all(map(isfinite, ends)) and ends[2]):
            raise ConfigError(key, text, "must have finite ends and a nonzero step")
        number = max(0, ceil((ends[1] - ends[0]) / ends[2]))
    else:
        number = len(list(override.sweep_iterator()))
    if not number:
        raise ConfigError(key, text, "contains no values")
    return number


def limits_of(values: Mapping[str, Any]) -> Limits:
    """The limits of a sweep. Raises ConfigError for an invalid one."""
    for key in values:
        if key not in LIMITS:
            raise ConfigError(f"limits.{key}", values[key], suggestion(str(key), LIMITS))
    limits: dict[str, Any] = {key: values.get(key) for key in LIMITS}
    for key, value in limits.items():
        null = key in ("memory", "disk")
        if not ((null and value is None) or (is_number(value) and value > 0)):
            allowed = "must be a number above 0" + ", or null for the free amount" * null
            raise ConfigError(f"limits.{key}", value, allowed)
    return Limits(**limits)


def refuse_too_many(values: Mapping[str, Any], limits: Limits) -> None:
    """Raise LimitError if a job has more runs than there may be."""
    seeds, settings = values["seeds"], values["search"] or 1
    key = "search" if settings > seeds else "seeds"
    require_runs(seeds * settings, limits.runs, key, values[key])


def refuse_too_many_jobs(jobs: int, first: Job) -> None:
    """Raise LimitError if so many jobs like the first have more runs than there may be."""
    runs = jobs * len(first.settings) * len(first.seeds)
    require_runs(runs, limits_of(first.sweep.limits).runs, "seeds", first.sweep.seeds)
