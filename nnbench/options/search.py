"""Settings of an optimizer drawn from the ranges that its file says are worth searching."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.run.config import Component

Ranges = Mapping[str, Sequence[float]]
"""Option → its lowest and highest value."""

ENDS_AND_MIDDLE = (0.0, 1.0, 0.5)
"""Shares of a range, on its logarithmic scale, that are drawn before all others."""


def draw(component: Component, ranges: Ranges, count: int) -> Iterator[Component]:
    """The component as it is, then at points that fill the ranges evenly; `count` in all.

    Untuned defaults are a competitor (Schmidt et al. 2021), so every search has them. Their values
    are not drawn again, since a setting is known by its learning rate.
    """
    yield component
    if not ranges:
        return
    options = component.options or {}
    # More than needed: the component's own values are left out, unless there are no others.
    points = shares(len(ranges), 2 * count)
    columns = []
    for column, (key, ends) in zip(points.T, ranges.items(), strict=True):
        values = list(values_at(column, *ends))
        columns.append([value for value in values if value != options.get(key)] or values)
    for point in islice(zip(*columns, strict=False), count - 1):
        yield replace(component, options={**options, **dict(zip(ranges, point, strict=True))})


def shares(ranges: int, count: int) -> Array:
    """Shares of every range, from its lowest value (0) to its highest (1), as (count, ranges).

    First come each range's ends and its middle, another of them in each, so that what lies at an
    end is known; then a scrambled sequence that fills all ranges evenly (Halton 1960). More points
    contain the fewer, and all components are tried in the same places of their ranges.
    """
    # Half a second to load, which only searches need.
    from scipy.stats.qmc import Halton

    begun = [np.roll(ENDS_AND_MIDDLE, -number) for number in range(ranges)]
    return np.concatenate([np.transpose(begun), Halton(ranges, rng=0).random(count)])


def values_at(column: Array, low: float, high: float) -> Iterator[float]:
    """Values at shares of a range, on a logarithmic scale, to four digits; its ends are exact."""
    for share in column:
        if 0 < share < 1:
            # The ratio of the ends may be larger than any number.
            between = float(f"{low ** (1 - share) * high**share:.4g}")
            yield min(max(between, low), high)
        else:
            yield (low, high)[int(share)]
