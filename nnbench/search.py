"""Settings of an optimizer drawn from the ranges that its file says are worth searching."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scipy.stats.qmc import Halton

from nnbench.config import Component

Ranges = Mapping[str, Sequence[float]]
"""Option → its lowest and highest value."""


def draw(component: Component, ranges: Ranges, count: int) -> Iterator[Component]:
    """A component at `count` points that fill the ranges evenly, on logarithmic scales.

    They are the first of one and the same sequence (Halton 1960), so that more points contain the
    fewer, and all components look at their ranges in the same places. Four digits are kept.
    """
    if not ranges:
        yield component
        return
    sequence = Halton(len(ranges), scramble=False)
    # Its very first point lies in the corner.
    sequence.fast_forward(1)
    for point in sequence.random(count):
        drawn = {
            key: float(f"{low * (high / low) ** share:.4g}")
            for (key, (low, high)), share in zip(ranges.items(), point, strict=True)
        }
        yield replace(component, options={**(component.options or {}), **drawn})
