"""A window that moves over steps, or rows and columns, and its contents at every position."""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class Window:
    """Positions of a window with some taps on one or more axes, as tables of indices.

    All are tuples, a number an axis. A place is the position in the flattened axes; the place
    behind the last one, `nowhere`, stands for all that is outside.
    """

    size: tuple[int, ...]
    """Shape that the window moves over."""
    kernel: tuple[int, ...]
    """Taps."""
    stride: tuple[int, ...]
    """Places from one position to the next."""
    dilation: tuple[int, ...]
    """Places from one tap to the next."""
    padding: tuple[int, ...]
    """Places outside that are seen, on both sides together; the smaller half comes first."""

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """Number of positions on each axis; below 1 if the window does not fit."""
        return tuple(
            (n + p - d * (k - 1) - 1) // s + 1
            for n, k, s, d, p in zip(
                self.size, self.kernel, self.stride, self.dilation, self.padding, strict=True
            )
        )

    @property
    def taps(self) -> int:
        """Number of places in the window."""
        return prod(self.kernel)

    @property
    def nowhere(self) -> int:
        """The place that stands for all that is outside."""
        return prod(self.size)

    @cached_property
    def input_places(self) -> Array:
        """The place that each tap sees from each position, (positions, taps)."""
        axes, inside = [], np.array(True)
        for axis, n in enumerate(self.size):
            at = np.arange(self.positions[axis]) * self.stride[axis] - self.padding[axis] // 2
            place = at[:, None] + np.arange(self.kernel[axis]) * self.dilation[axis]
            # Positions of all axes come first, then the taps of all.
            shape = np.ones(2 * len(self.size), int)
            shape[axis], shape[axis + len(self.size)] = place.shape
            place = place.reshape(shape)
            inside = inside & (place >= 0) & (place < n)
            axes.append(place)
        places = np.ravel_multi_index(axes, self.size, mode="clip")
        return np.where(inside, places, self.nowhere).reshape(-1, self.taps)

    @cached_property
    def seen_from(self) -> Array:
        """The position from which each tap sees each place, (places, taps).

        Where none does, it is the one behind the last position.
        """
        table = np.full((self.nowhere + 1, self.taps), len(self.input_places))
        position = np.arange(len(self.input_places))[:, None]
        table[self.input_places, np.arange(self.taps)] = position
        return table[:-1]
