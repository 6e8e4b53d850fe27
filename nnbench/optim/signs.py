"""Signs of whole vectors, without `np.sign`, which takes as long as five other operations."""

import numpy as np

from nnbench.engine.arrays import Array, Column

FAR = {np.dtype(kind): float(np.finfo(kind).max) ** 0.75 for kind in (np.float32, np.float64)}
"""A factor that takes any number far beyond 1, except those next to 0.

Below 1e-29 in float32 and 1e-231 in float64 a number counts as a share of its sign."""


def signed(array: Array, size: Column) -> Array:
    """Give every element the absolute value `size`, in place, and return it; 0 stays 0."""
    array *= FAR[array.dtype]
    return array.clip(-size, size, out=array)
