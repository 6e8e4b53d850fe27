"""Activations that bend smoothly between the two halves of a rectifier."""

from dataclasses import dataclass
from math import pi, sqrt
from typing import ClassVar

import numpy as np
from scipy.special import erf, expit  # NumPy has no erf

from nnbench.engine.arrays import Array


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
class GELUTanh:
    """y = x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), close to GELU (Hendrycks & Gimpel 2016).

    Reference: torch.nn.GELU(approximate="tanh").
    """

    from_output: ClassVar[bool] = False

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # (1 + tanh u) / 2 is sigmoid(2u), which loses no digits where it is close to 0. It stays
        # in `slope`.
        np.multiply(x, x, out=slope)
        slope *= sqrt(8 / pi) * 0.044715
        slope += sqrt(8 / pi)
        slope *= x
        expit(slope, out=slope)
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # With s = sigmoid(2u), f′(x) = s + s · (1 − s) · x · √(8/π) · (1 + 3 · 0.044715 x²), where
        # s · (1 − s) comes first, since it vanishes before anything overflows.
        curved_term = np.subtract(1, slope, out=y)
        curved_term *= slope
        curved_term *= x
        x *= x
        x *= sqrt(8 / pi) * 3 * 0.044715
        x += sqrt(8 / pi)
        curved_term *= x
        slope += curved_term


@dataclass(frozen=True)
class SiLU:
    """y = x · σ(x), σ the sigmoid; also swish (Elfwing et al. 2018, Ramachandran et al. 2017).

    Reference: torch.nn.SiLU.
    """

    from_output: ClassVar[bool] = False

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # σ(x) stays in `slope`; through tanh, which neither overflows nor needs a division.
        np.multiply(x, 0.5, out=slope)
        np.tanh(slope, out=slope)
        slope += 1
        slope *= 0.5
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # f′(x) = σ(x) · (1 + x · (1 − σ(x))).
        factor = np.subtract(1, slope, out=y)
        factor *= x
        factor += 1
        slope *= factor


@dataclass(frozen=True)
class Mish:
    """y = x · tanh(log(1 + eˣ)) (Misra 2020); torch.nn.Mish."""

    from_output: ClassVar[bool] = False

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # log(1 + eˣ) stays in `slope`: max(x, 0) + log(1 + e^−|x|) does not overflow.
        np.abs(x, out=slope)
        np.negative(slope, out=slope)
        np.exp(slope, out=slope)
        np.log1p(slope, out=slope)
        np.maximum(x, 0, out=out)
        slope += out
        np.tanh(slope, out=out)
        out *= x

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # f′(x) = t + x · σ(x) · (1 − t²), t = tanh(log(1 + eˣ)) and σ(x) = 1 − e^−log(1 + eˣ);
        # both factors come with the opposite sign.
        t = np.tanh(slope, out=y)
        np.negative(slope, out=slope)
        np.expm1(slope, out=slope)
        x *= slope
        np.multiply(t, t, out=slope)
        slope -= 1
        slope *= x
        slope += t


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
