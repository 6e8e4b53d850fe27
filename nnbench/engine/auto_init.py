"""The initial weights where nobody names an initialiser: those of output layers are small."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np

from nnbench.allowed import Checked, one_of
from nnbench.engine import initializers
from nnbench.engine.arrays import Array
from nnbench.engine.initializers import Distribution, Initializer, VarianceScaling

HIDDEN: dict[str, type[Initializer]] = {
    kind.__name__.lower(): kind
    for kind in (
        initializers.Glorot, initializers.He, initializers.Identity, initializers.LeCun,
        initializers.LSUV, initializers.Normal, initializers.Orthogonal, initializers.Uniform,
        initializers.Zeros,
    )
}  # fmt: skip
"""Initialisers of hidden layers, by their names in conf/init."""

USUAL = "glorot"
"""The one of an activation that names none."""


@dataclass(frozen=True)
class SmallNormal(VarianceScaling):
    """Variance 0.01 / fan_in: outputs with a tenth of the deviation of their inputs."""

    distribution: Distribution = "normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 0.01 / fan_in


@dataclass(frozen=True)
class Auto(Checked, Initializer):
    """The initialiser that the activation names for hidden layers, and small output weights.

    He's variance of 2 / fan_in makes up for what a ReLU takes away, and no ReLU follows the
    outputs. They would begin as confident as they are wrong, and training would first undo that:
    two moons with depth 0 and adam's own rate ended below chance for some seeds. With 0.01 / fan_in
    the outputs start near 0, which is chance level for classes and the mean for standardised
    targets, and yet differ, so that all layers have a gradient at the first step.
    """

    hidden: Annotated[str | None, one_of(HIDDEN).or_null("for the activation's")] = None
    inner: Initializer = field(init=False, repr=False, compare=False)
    """The initialiser of hidden layers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "inner", HIDDEN[self.hidden or USUAL]())

    @property
    def adjusts(self) -> bool:  # type: ignore[override]
        """True if the initialiser of hidden layers has `adjust`."""
        return self.inner.adjusts

    @property
    def kind(self) -> str:
        """The name of the class of the initialiser of hidden layers."""
        return self.inner.kind

    @property
    def output(self) -> Initializer:
        """The initialiser of output layers."""
        return SmallNormal()

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return self.inner(rng, shape)

    def adjust(self, weights: Array, outputs: Callable[[], Array]) -> None:
        """Change the weights of hidden layers as their initialiser does."""
        self.inner.adjust(weights, outputs)
