"""Activations with a bend at 0: the positive part as it is, the negative one held back."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from nnbench.allowed import BETWEEN, POSITIVE, Checked
from nnbench.engine import compiled
from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class ReLU:
    """y = max(x, 0) (Nair & Hinton 2010); its derivative at 0 is taken as 0."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # Beside an array of zeros a maximum takes a quarter of the time that it takes beside a
        # number, and unlike x · (x > 0) it is 0 at −∞.
        if compiled.twins:
            if out is not x:
                np.copyto(out, x)
            compiled.twins.rectify(out)
        else:
            slope.fill(0)
            np.maximum(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        if compiled.twins:
            compiled.twins.mark_positive(y, slope)
        else:
            np.greater(y, 0, out=slope)


@dataclass(frozen=True)
class LeakyReLU(Checked):
    """y = x where x > 0, slope · x elsewhere (Maas et al. 2013); 0 < slope < 1."""

    slope: Annotated[float, BETWEEN] = 0.01
    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.greater(x, 0, out=slope)
        slope *= 1 - self.slope
        slope += self.slope
        np.multiply(x, slope, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        """`slope` is the derivative already."""


@dataclass(frozen=True)
class ELU(Checked):
    """y = x where x > 0, alpha · (eˣ − 1) elsewhere (Clevert et al. 2016); alpha > 0."""

    alpha: Annotated[float, POSITIVE] = 1.0
    from_output: ClassVar[bool] = True

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


SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


@dataclass(frozen=True)
class SELU:
    """y = scale · x where x > 0, scale · alpha · (eˣ − 1) elsewhere (Klambauer et al. 2017).

    With these two constants and LeCun's initial weights, mean 0 and variance 1 hold themselves
    from layer to layer. Reference: torch.nn.SELU.
    """

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        # scale · alpha · (e^min(x, 0) − 1) is nothing where x > 0.
        np.minimum(x, 0, out=slope)
        np.expm1(slope, out=slope)
        slope *= SELU_SCALE * SELU_ALPHA
        np.maximum(x, 0, out=out)
        out *= SELU_SCALE
        out += slope

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        # scale · alpha · e^min(x, 0) where x ≤ 0, and scale elsewhere.
        slope += SELU_SCALE * SELU_ALPHA
        positive = np.greater(y, 0, out=y)
        positive *= SELU_SCALE - SELU_SCALE * SELU_ALPHA
        slope += positive
