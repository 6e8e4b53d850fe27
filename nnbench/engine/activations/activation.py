"""The members of every activation function.

Where `from_output` is true the derivative needs the output only, and the function may write its
output over its input. `slope` is a buffer of the input's shape: whatever `forward` leaves in it,
`derivative` finds there and turns into f′(x).
"""

from typing import ClassVar, Protocol

import numpy as np

from nnbench.engine.arrays import Array


class Activation(Protocol):
    """An elementwise function y = f(x) and its derivative."""

    from_output: ClassVar[bool]

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        """Write f(x) into `out`; `slope` may be overwritten."""

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        """Write f′(x) into `slope`, given x and y = f(x), both of which may be overwritten.

        If `from_output`, x is not read.
        """


def steepest(function: Activation) -> float:
    """The largest size of f′(x) between −10 and 10."""
    return float(np.abs(sampled(function)).max())


def reads_slope(function: Activation) -> bool:
    """True if `derivative` needs what `forward` left in `slope`.

    Tried out rather than declared, since a wrong answer would be a wrong gradient.
    """
    with np.errstate(all="ignore"):
        return not np.array_equal(sampled(function), sampled(function, slope_before=np.nan))


def sampled(function: Activation, slope_before: float | None = None) -> Array:
    """f′(x) at 2,001 places between −10 and 10, with `left` in place of what `forward` left."""
    x = np.linspace(-10, 10, 2001).reshape(1, -1, 1)
    y, slope = np.empty_like(x), np.empty_like(x)
    function.forward(x, y, slope)
    if slope_before is not None:
        slope.fill(slope_before)
    function.derivative(x, y, slope)
    return slope
