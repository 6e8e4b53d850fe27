"""The grid of a sweep as it was typed, and how it goes on beyond its ends."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, log
from typing import Any, TypeAlias

from nnbench.assembly import checks
from nnbench.options.keys import ALLOWED
from nnbench.run.config import Component, Job, RunConfig, Scalar
from nnbench.run.errors import ConfigError

Data: TypeAlias = tuple[tuple[str, Scalar], ...]
"""Keys and values that decide the data of a run."""

OF_DATA = ("dataset", "validation_size", "test_size")
"""Keys of data, besides the data set's options."""

DURATIONS = ("epochs", "patience")
"""Keys that say how long a run trains, which the user alone decides."""

FAR = 500.0
"""Logarithm of a ratio beyond which numbers end."""


@dataclass(frozen=True)
class Axis:
    """A number that was typed with several values on a data set, and isn't compared."""

    data: Data
    key: str
    typed: tuple[float, ...]
    """Values from low to high."""

    def end(self, direction: int) -> float:
        """The lowest typed value (−1) or the highest (1)."""
        return self.typed[-1] if direction > 0 else self.typed[0]

    def beyond(self, direction: int, steps: int) -> list[float]:
        """Values of so many steps beyond an end, fewer where the range ends by nature.

        A step is the ratio of the two outermost typed values. Whole numbers stay whole; others are
        rounded as they were typed, so that 0.3 comes after 0.03 and 0.1.
        """
        end = self.end(direction)
        inner = self.typed[-2] if direction > 0 else self.typed[1]
        if inner <= 0 or end <= 0:
            return []
        values = [end]
        for step in range(1, steps + 1):
            is_near = abs(log(end) - log(inner)) * step < FAR
            exact = end * (end / inner) ** step if is_near else inf
            value = self.rounded(exact, beside=values[-1])
            if not 0 < value < inf or (value - values[-1]) * direction <= 0:
                break
            values.append(value)
        return values[1:]

    def goes_on(self, direction: int, steps: "Steps") -> bool:
        """True if another value lies beyond those steps: below a depth of 1 there is none."""
        number = steps.get((self, direction), 0) + 1
        return len(self.beyond(direction, number)) == number

    def end_after(self, direction: int, steps: "Steps") -> float:
        """The outermost value after the steps that this axis has taken."""
        return [self.end(direction), *self.beyond(direction, steps.get((self, direction), 0))][-1]

    def rounded(self, value: float, beside: float) -> float:
        """A value as it would be typed among the others, on the same side of the one beside it."""
        if value == inf:
            return value
        if all(isinstance(typed, int) for typed in self.typed):
            return round(value)
        short = float(f"{value:.3g}")
        if short == float(f"{value:.12g}"):
            return short
        least = max(significant(typed) for typed in self.typed)
        candidates = (float(f"{value:.{digits}g}") for digits in range(least, 18))
        return next((c for c in candidates if (c - beside) * (value - beside) > 0), value)


def significant(value: float) -> int:
    """Number of significant digits of a value as it is written."""
    digits = f"{value:.12e}".partition("e")[0].replace(".", "")
    return max(len(digits.rstrip("0")), 1)


def settings_of(config: RunConfig, but: Collection[str] = ()) -> dict[str, Scalar]:
    """Keys and values of a run as they were asked for, without its seed and those in `but`.

    A width that follows from a size was not asked for.
    """
    sized = config.params is not None or config.flops is not None
    left_out = {"seed", *but, *(["width"] if sized else [])}
    return {key: value for key, value in config.flat().items() if key not in left_out}


def data_of(config: RunConfig, compared: Collection[str]) -> Data:
    """The data of a run, apart from what is compared."""
    return tuple(
        (key, value)
        for key, value in config.flat().items()
        if (key in OF_DATA or key.startswith("dataset.")) and key not in compared
    )


def typed_keys(jobs: Sequence[Job]) -> list[str]:
    """Keys in which jobs differ, in the order in which they were typed: the first changes least.

    Neither options of components are among them, nor what follows from keys that come before it in
    the configuration, as the initial weights from the activation.
    """
    rows = [job.settings[0].flat() for job in jobs]
    varied = [key for key in dict.fromkeys(key for row in rows for key in row)
              if "." not in key and len({row.get(key) for row in rows}) > 1]  # fmt: skip

    def count(keys: Sequence[str]) -> int:
        return len({tuple(row.get(key) for key in keys) for row in rows})

    for key in reversed(varied):
        others = [other for other in varied if other != key]
        varied = others if count(others) == count(varied) else varied
    return sorted(varied, key=lambda key: sum(a.get(key) != b.get(key) for a, b in pairwise(rows)))


def axes_of(jobs: Sequence[Job], compared: Collection[str]) -> list[Axis]:
    """The axes of a typed grid, by data set; none of settings that were drawn."""
    if any(len(job.settings) > 1 for job in jobs):
        return []
    by_data: dict[Data, list[RunConfig]] = {}
    for job in jobs:
        by_data.setdefault(data_of(job.settings[0], compared), []).append(job.settings[0])
    return [axis for data, configs in by_data.items() for axis in axes_on(data, configs, compared)]


def axes_on(data: Data, configs: Sequence[RunConfig], compared: Collection[str]) -> Iterator[Axis]:
    """The axes of one data set.

    A number that follows from something else, as a learning rate from the optimizer, is none:
    along an axis, runs differ in nothing else.
    """
    rows = [settings_of(config) for config in configs]
    for key in dict.fromkeys(key for row in rows for key in row):
        values = {row[key] for row in rows if row.get(key) is not None}
        if (
            len(values) < 2
            or key in {*compared, *OF_DATA, *DURATIONS}
            or key.startswith("dataset.")
            or not all(type(value) in (int, float) for value in values)
        ):
            continue
        lines: dict[Hashable, set[Scalar]] = {}
        for row in rows:
            others = frozenset((name, value) for name, value in row.items() if name != key)
            lines.setdefault(others, set()).add(row.get(key))
        if max(map(len, lines.values())) > 1:
            yield Axis(data, key, tuple(sorted(map(as_number, values))))


def as_number(value: Scalar) -> float:
    """A value that is known to be a number."""
    if not isinstance(value, int | float):
        raise TypeError(value)
    return value


Steps: TypeAlias = Mapping[tuple[Axis, int], int]
"""Axis and direction → number of steps beyond its end."""


def extended(jobs: Sequence[Job], steps: Steps, compared: Collection[str]) -> list[Job]:
    """Jobs that a grid gains by steps: at each new value all that there are at the end beside it.

    So all compared values gain equally many settings. A value that any of these jobs refuses is
    beyond the end that nature sets, and not gained.
    """
    every = list(jobs)
    for (axis, direction), number in steps.items():
        at_end = [
            job
            for job in every
            if data_of(job.settings[0], compared) == axis.data
            and settings_of(job.settings[0]).get(axis.key) == axis.end(direction)
        ]
        for value in axis.beyond(direction, number):
            new = [with_value(job, axis.key, value) for job in at_end]
            if not all(is_allowed(job.settings[0], axis.key, value) for job in new):
                break
            every += new
    return every[len(jobs) :]


def with_value(job: Job, key: str, value: float) -> Job:
    """The job with another value of a key, such as `lr` or `optimizer.momentum`."""
    (config,) = job.settings
    group, _, option = key.partition(".")
    changed: Any = value
    if option:
        component: Component = getattr(config, group)
        changed = replace(component, options={**(component.options or {}), option: value})
    return replace(job, settings=(replace(config, **{group: changed}),))


def is_allowed(config: RunConfig, key: str, value: float) -> bool:
    """True if a run can have this value."""
    if key in ALLOWED and not ALLOWED[key](value):
        return False
    try:
        checks.check(config)
    except ConfigError:
        return False
    return True
