"""Activations that are elementary functions: the identity and the sine."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class Identity:
    """y = x: a network of such layers stays linear at any depth."""

    from_output: ClassVar[bool] = True

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.copyto(out, x)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        slope.fill(1)


@dataclass(frozen=True)
class Sine:
    """y = sin x (Sitzmann et al. 2020, without their frequency); torch.sin."""

    from_output: ClassVar[bool] = False

    def forward(self, x: Array, out: Array, slope: Array) -> None:
        np.sin(x, out=out)

    def derivative(self, x: Array, y: Array, slope: Array) -> None:
        np.cos(x, out=slope)
