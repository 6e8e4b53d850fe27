"""Activation functions, each with its derivative.

Where `from_output` is true the derivative needs the output only, and the function may write its
output over its input. `slope` is a buffer of the input's shape: whatever `forward` leaves in it,
`derivative` finds there and turns into f′(x).
"""

from dataclasses import dataclass
from math import pi, sqrt
from typing import ClassVar, Protocol

import numpy as np
from scipy.special import erf

from nnbench.engine.arrays import Array


class Activation(Protocol):
    """An elementwise function y = f(x) and its derivative."""

    from_output: ClassVar[bool]

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        """Write f(x) into `out`; `slope` may be overwritten."""

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        """Write f′(x) into `slope`, given x and y = f(x), which may be overwritten.

        If `from_output`, x is not read.
        """


@dataclass(frozen=True)
class Identity:
    """y = x: a network of such layers stays linear at any depth."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.copyto(out, x)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        slope.fill(1)


@dataclass(frozen=True)
class Sigmoid:
    """y = 1 / (1 + e⁻ˣ)."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # Through tanh, which neither overflows nor needs a division.
        np.multiply(x, 0.5, out=out)
        np.tanh(out, out=out)
        out += 1
        out *= 0.5

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        np.subtract(1, y, out=slope)
        slope *= y


@dataclass(frozen=True)
class Tanh:
    """y = tanh x."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.tanh(x, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        np.multiply(y, y, out=slope)
        np.subtract(1, slope, out=slope)


@dataclass(frozen=True)
class ReLU:
    """y = max(x, 0) (Nair & Hinton 2010); its derivative at 0 is taken as 0."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # One comparison serves both passes, and is faster than a maximum.
        np.greater(x, 0, out=slope)
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        """`slope` is the derivative already."""


@dataclass(frozen=True)
class LeakyReLU:
    """y = x where x > 0, slope · x elsewhere (Maas et al. 2013); 0 < slope < 1."""

    slope: float = 0.01
    from_output: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 < self.slope < 1:
            raise ValueError(f"slope={self.slope}: must be a number between 0 and 1")

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.greater(x, 0, out=slope)
        slope *= 1 - self.slope
        slope += self.slope
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        """`slope` is the derivative already."""


@dataclass(frozen=True)
class ELU:
    """y = x where x > 0, alpha · (eˣ − 1) elsewhere (Clevert et al. 2016); alpha > 0."""

    alpha: float = 1.0
    from_output: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.alpha > 0:
            raise ValueError(f"alpha={self.alpha}: must be a number above 0")

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # alpha · (e^min(x, 0) − 1) is nothing where x > 0.
        np.minimum(x, 0, out=slope)
        np.expm1(slope, out=slope)
        slope *= self.alpha
        np.maximum(x, 0, out=out)
        out += slope

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # alpha · e^min(x, 0) where x ≤ 0, and 1 elsewhere.
        slope += self.alpha
        if self.alpha != 1:
            np.copyto(slope, 1, where=y > 0)


@dataclass(frozen=True)
class GELU:
    """y = x · Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016), exact."""

    from_output: ClassVar[bool] = False

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # Φ(x) stays in `slope`.
        np.multiply(x, sqrt(0.5), out=slope)
        erf(slope, out=slope)
        slope += 1
        slope *= 0.5
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # f′(x) = Φ(x) + x · φ(x); x is not needed any more.
        density = np.multiply(x, x, out=y)
        density *= -0.5
        np.exp(density, out=density)
        density *= 1 / sqrt(2 * pi)
        density *= x
        slope += density


@dataclass(frozen=True)
class Softplus:
    """y = log(1 + eˣ)."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # max(x, 0) + log(1 + e^−|x|) does not overflow.
        np.abs(x, out=slope)
        np.negative(slope, out=slope)
        np.exp(slope, out=slope)
        np.log1p(slope, out=slope)
        np.maximum(x, 0, out=out)
        out += slope

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # sigmoid(x) = 1 − e^−y.
        np.negative(y, out=slope)
        np.expm1(slope, out=slope)
        np.negative(slope, out=slope)
