"""Initial weights: each fills a matrix, or one a tap of a kernel, from a run's own stream."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, prod, sqrt
from typing import Annotated, TypeAlias

import numpy as np

from nnbench.allowed import BETWEEN, POSITIVE, Checked, one_of, whole
from nnbench.engine.arrays import Array


class Initializer:
    """Maker of the first values of a layer's weights; biases start at zero.

    A user's initialiser may leave out all but `__call__`, and need not be a subclass (see
    engine/own.py).
    """

    adjusts: bool = False
    """True if it has `adjust`."""

    @property
    def kind(self) -> str:
        """The name of its class."""
        return type(self).__name__

    @property
    def output(self) -> "Initializer":
        """The initialiser of output layers, which a model takes from here; itself by default."""
        return self

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """A float64 array of `shape`, (inputs, units), or (*taps, inputs, units) of a kernel."""
        raise NotImplementedError

    def adjust(self, weights: Array, outputs: Callable[[], Array]) -> None:
        """Change the weights of a stack, (runs, …), in place, once before training.

        It is called layer after layer; `outputs()` is what the layer makes of a batch with the
        weights, (runs, batch, …).
        """


Distribution: TypeAlias = Annotated[str, one_of(("uniform", "normal"))]


@dataclass(frozen=True)
class VarianceScaling(Checked, Initializer):
    """Weights with mean 0 and the variance of the scheme, `uniform` or `normal`."""

    distribution: Distribution

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        raise NotImplementedError

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        *taps, inputs, units = shape
        std = sqrt(self.variance(prod(taps) * inputs, prod(taps) * units))
        if self.distribution == "normal":
            return rng.normal(0, std, shape)
        return rng.uniform(-sqrt(3) * std, sqrt(3) * std, shape)


@dataclass(frozen=True)
class Glorot(VarianceScaling):
    """Variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010), as torch.nn.init.xavier_*_."""

    distribution: Distribution = "uniform"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 2 / (fan_in + fan_out)


@dataclass(frozen=True)
class He(VarianceScaling):
    """Variance 2 / fan_in, which keeps the scale through ReLUs (He et al. 2015)."""

    distribution: Distribution = "normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 2 / fan_in


@dataclass(frozen=True)
class LeCun(VarianceScaling):
    """Variance 1 / fan_in (LeCun et al. 1998)."""

    distribution: Distribution = "normal"

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Variance of a weight."""
        return 1 / fan_in


@dataclass(frozen=True)
class Normal(Checked, Initializer):
    """Mean 0 and one standard deviation for every layer, as torch.nn.init.normal_."""

    std: Annotated[float, POSITIVE] = 0.01

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return rng.normal(0, self.std, shape)


@dataclass(frozen=True)
class Uniform(Initializer):
    """Any number from `low` to `high` alike, for every layer, as torch.nn.init.uniform_.

    The bounds are those of keras.initializers.RandomUniform; PyTorch's, 0 and 1, are a start that
    hardly a network trains from.
    """

    low: float = -0.05
    high: float = 0.05

    def __post_init__(self) -> None:
        if not -inf < self.low < self.high < inf:
            raise ValueError(f"low={self.low}: must be a finite number below high={self.high}")

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return rng.uniform(self.low, self.high, shape)


@dataclass(frozen=True)
class Orthogonal(Checked, Initializer):
    """Rows or columns, whichever are fewer, at right angles and as long as `gain`.

    Every such matrix is as likely as another (Saxe et al. 2014); as torch.nn.init.orthogonal_.
    """

    gain: Annotated[float, POSITIVE] = 1.0

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        matrix = (prod(shape[:-1]), shape[-1])
        tall = rng.normal(0, 1, (max(matrix), min(matrix)))
        q, r = np.linalg.qr(tall)
        # Without the signs, some matrices would be likelier than others (Mezzadri 2007).
        q *= self.gain * np.sign(np.diag(r))
        return (q if q.shape == matrix else q.T).reshape(shape)


@dataclass(frozen=True)
class LSUV(Checked, Initializer):
    """Orthogonal, then scaled until a layer's outputs on a batch have variance 1.

    Layer after layer, since what one puts out is what the next is given: layer-sequential unit
    variance (Mishkin & Matas 2016). The variance is that of all numbers of a run's outputs
    together, before activation; a layer whose outputs have none is left alone.
    """

    adjusts = True

    tolerance: Annotated[float, BETWEEN] = 0.1
    """Largest accepted distance of a variance from 1."""
    tries: Annotated[int, whole(1)] = 10
    """Largest number of times that a layer is scaled."""

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return Orthogonal()(rng, shape)

    def adjust(self, weights: Array, outputs: Callable[[], Array]) -> None:
        """Scale the weights of each run."""
        for _ in range(self.tries):
            variances = [float(y.var(dtype=np.float64)) for y in outputs()]
            far = [abs(v - 1) > self.tolerance and 0 < v < inf for v in variances]
            if not any(far):
                return
            for run in np.flatnonzero(far):
                weights[run] /= sqrt(variances[run])


@dataclass(frozen=True)
class Identity(Initializer):
    """Ones on the diagonal and zeros elsewhere, as torch.nn.init.eye_ (Le et al. 2015).

    At the start every layer hands on its input, if it has enough units; of a kernel the
    tap in the middle of each axis does, as with torch.nn.init.dirac_: of two the second.
    """

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        *taps, inputs, units = shape
        weights = np.zeros(shape)
        weights[tuple(n // 2 for n in taps)] = np.eye(inputs, units)
        return weights


@dataclass(frozen=True)
class Zeros(Initializer):
    """All zero: every unit of a layer stays like its neighbours, to show the symmetry failure."""

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return np.zeros(shape)
