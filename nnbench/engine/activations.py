"""Activation functions, each with its derivative.

Where `from_output` is true the derivative needs the output only, and the function may write its
output over its input. `scratch` is a buffer of the input's shape that a function may overwrite.
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

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        """Write f(x) into `out`."""

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        """Write f′(x) into `out`, given x and y = f(x); if `from_output`, x is not read."""


@dataclass(frozen=True)
class Identity:
    """y = x: a network of such layers stays linear at any depth."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        np.copyto(out, x)

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        out.fill(1)


@dataclass(frozen=True)
class Sigmoid:
    """y = 1 / (1 + e⁻ˣ)."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        # Through tanh, which neither overflows nor needs a division.
        np.multiply(x, 0.5, out=out)
        np.tanh(out, out=out)
        out += 1
        out *= 0.5

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        np.subtract(1, y, out=out)
        out *= y


@dataclass(frozen=True)
class Tanh:
    """y = tanh x."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        np.tanh(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        np.multiply(y, y, out=out)
        np.subtract(1, out, out=out)


@dataclass(frozen=True)
class ReLU:
    """y = max(x, 0) (Nair & Hinton 2010); its derivative at 0 is taken as 0."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        np.maximum(x, 0, out=out)

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        np.greater(y, 0, out=out)


@dataclass(frozen=True)
class LeakyReLU:
    """y = x where x > 0, slope · x elsewhere (Maas et al. 2013); 0 < slope < 1."""

    slope: float = 0.01
    from_output: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0 < self.slope < 1:
            raise ValueError(f"slope={self.slope}: must be a number between 0 and 1")

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        np.multiply(x, self.slope, out=scratch)
        np.maximum(x, scratch, out=out)

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        np.greater(y, 0, out=out)
        out *= 1 - self.slope
        out += self.slope


@dataclass(frozen=True)
class ELU:
    """y = x where x > 0, alpha · (eˣ − 1) elsewhere (Clevert et al. 2016); alpha > 0."""

    alpha: float = 1.0
    from_output: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.alpha > 0:
            raise ValueError(f"alpha={self.alpha}: must be a number above 0")

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        np.minimum(x, 0, out=scratch)
        np.expm1(scratch, out=scratch)
        scratch *= self.alpha
        np.maximum(x, 0, out=out)
        out += scratch

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        # alpha · e^min(x, 0) is alpha where x > 0; one comparison turns that into 1.
        np.minimum(x, 0, out=out)
        np.exp(out, out=out)
        out *= self.alpha
        np.greater(x, 0, out=scratch)
        scratch *= 1 - self.alpha
        out += scratch


@dataclass(frozen=True)
class GELU:
    """y = x · Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016), exact."""

    from_output: ClassVar[bool] = False

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        np.multiply(x, sqrt(0.5), out=scratch)
        erf(scratch, out=scratch)
        scratch += 1
        scratch *= 0.5
        np.multiply(x, scratch, out=out)

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        # f′(x) = Φ(x) + x · φ(x).
        np.multiply(x, x, out=out)
        out *= -0.5
        np.exp(out, out=out)
        out *= x
        out *= 1 / sqrt(2 * pi)
        np.multiply(x, sqrt(0.5), out=scratch)
        erf(scratch, out=scratch)
        scratch += 1
        scratch *= 0.5
        out += scratch


@dataclass(frozen=True)
class Softplus:
    """y = log(1 + eˣ)."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, scratch: Array) -> None:
        # max(x, 0) + log(1 + e^−|x|) does not overflow.
        np.abs(x, out=scratch)
        np.negative(scratch, out=scratch)
        np.exp(scratch, out=scratch)
        np.log1p(scratch, out=scratch)
        np.maximum(x, 0, out=out)
        out += scratch

    def derivative(self, x: Array, y: Array, out: Array, scratch: Array) -> None:
        # sigmoid(x) = 1 − e^−y.
        np.negative(y, out=out)
        np.expm1(out, out=out)
        np.negative(out, out=out)
