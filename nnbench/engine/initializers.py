"""Initial weights: each fills a matrix (fan_in, fan_out) from a run's own stream of chance."""

from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np

from nnbench.engine.arrays import Array


class Initializer(Protocol):
    """Makes the first values of a layer's weights; biases start at zero."""

    def __call__(self, rng: np.random.Generator, shape: tuple[int, int]) -> Array:
        """A float64 array of `shape`, (fan_in, fan_out)."""


@dataclass(frozen=True)
class VarianceScaling:
    """Weights with mean 0 and the variance of the scheme, `uniform` or `normal`."""

    distribution: str

    def __post_init__(self) -> None:
        if self.distribution not in ("uniform", "normal"):
            raise ValueError(f"distribution={self.distribution}: must be uniform or normal")

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        raise NotImplementedError

    def __call__(self, rng: np.random.Generator, shape: tuple[int, int]) -> Array:
        std = sqrt(self.variance(*shape))
        if self.distribution == "normal":
            return rng.normal(0, std, shape)
        return rng.uniform(-sqrt(3) * std, sqrt(3) * std, shape)


@dataclass(frozen=True)
class Glorot(VarianceScaling):
    """Variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010), as torch.nn.init.xavier_*_."""

    distribution: str = "uniform"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 2 / (fan_in + fan_out)


@dataclass(frozen=True)
class He(VarianceScaling):
    """Variance 2 / fan_in, which keeps the scale through ReLUs (He et al. 2015)."""

    distribution: str = "normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 2 / fan_in


@dataclass(frozen=True)
class LeCun(VarianceScaling):
    """Variance 1 / fan_in (LeCun et al. 1998)."""

    distribution: str = "normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 1 / fan_in


@dataclass(frozen=True)
class Normal:
    """Mean 0 and one standard deviation for every layer, as torch.nn.init.normal_."""

    std: float = 0.01

    def __post_init__(self) -> None:
        if not self.std > 0:
            raise ValueError(f"std={self.std}: must be a number above 0")

    def __call__(self, rng: np.random.Generator, shape: tuple[int, int]) -> Array:
        return rng.normal(0, self.std, shape)


@dataclass(frozen=True)
class Zeros:
    """All zero: every unit of a layer stays like its neighbours, to show the symmetry failure."""

    def __call__(self, rng: np.random.Generator, shape: tuple[int, int]) -> Array:
        return np.zeros(shape)
