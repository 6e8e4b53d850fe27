"""Settings of an optimizer drawn from the ranges that its file says are worth searching."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from nnbench.run.config import Component

Ranges = Mapping[str, Sequence[float]]
"""Option → its lowest and highest value."""


def draw(component: Component, ranges: Ranges, count: int) -> Iterator[Component]:
    """The component as it is, then at points that fill the ranges evenly; `count` in all.

    Untuned defaults are a competitor (Schmidt et al. 2021), so every search has them. The points
    are the first of one and the same sequence (Halton 1960), on logarithmic scales, so that more
    contain the fewer, and all components look at their ranges in the same places. Four digits are
    kept. A point that shares a value with the component itself is left out, since a setting is
    known by its learning rate.
    """
    yield component
    if not ranges:
        return
    options = component.options or {}
    settings = (dict(zip(ranges, point, strict=True)) for point in points(ranges))
    others = (one for one in settings if all(options.get(key) != one[key] for key in one))
    for setting in islice(others, count - 1):
        yield replace(component, options={**options, **setting})


def points(ranges: Ranges) -> Iterator[list[float]]:
    """A value of every range, without end."""
    # Half a second to load, which only searches need.
    from scipy.stats.qmc import Halton

    sequence = Halton(len(ranges), scramble=False)
    # Its very first point lies in the corner.
    sequence.fast_forward(1)
    while True:
        (shares,) = sequence.random(1)
        yield [
            float(f"{low * (high / low) ** share:.4g}")
            for (low, high), share in zip(ranges.values(), shares, strict=True)
        ]
