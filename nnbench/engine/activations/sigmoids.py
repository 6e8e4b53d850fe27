"""Activations that level off on both sides."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnbench.engine.arrays import Array


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
class HardSigmoid:
    """y = x / 6 + 1 / 2 between −3 and 3, 0 below and 1 above (Howard et al. 2019).

    Reference: torch.nn.Hardsigmoid; the derivative at −3 and 3 is taken as 0.
    """

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.abs(x, out=slope)
        np.multiply(x, 1 / 6, out=out)
        out += 0.5
        np.maximum(out, 0, out=out)
        np.minimum(out, 1, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        np.less(slope, 3, out=slope)
        slope *= 1 / 6


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
class Softsign:
    """y = x / (1 + |x|) (Turian et al. 2009); torch.nn.Softsign."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # 1 / (1 + |x|) stays in `slope`: the derivative is its square.
        np.abs(x, out=slope)
        slope += 1
        np.reciprocal(slope, out=slope)
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        slope *= slope
