"""The memory of a stack of runs: parameters in one vector a run, and buffers made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
"""Any NumPy array; in the engine its first axis is always runs."""

Column: TypeAlias = Array | float
"""A number a run, shaped (runs, 1), or one number for all."""


@dataclass(frozen=True)
class Tensor:
    """Where one tensor of parameters, a weight matrix or a bias, lies in a run's vector."""

    start: int
    shape: tuple[int, ...]

    @property
    def end(self) -> int:
        """Position behind its last element."""
        return self.start + prod(self.shape)


class ParamStack:
    """The parameters of a stack of runs and their gradients, one contiguous vector a run.

    Both arrays are (runs, size). Layers hold views of their own block, so that an optimizer
    updates a whole network with a handful of whole-vector operations; one that treats every
    tensor by itself finds them in `tensors`, which is the whole vector where nothing is known.
    """

    def __init__(
        self, runs: int, size: int, dtype: npt.DTypeLike, tensors: Sequence[Tensor] = ()
    ) -> None:
        self.values: Array = np.zeros((runs, size), dtype)
        self.grads: Array = np.zeros((runs, size), dtype)
        self.losses: Array = np.zeros(runs)
        """(runs,): what is minimised, at the values; only for an optimizer that asks for it."""
        self.tensors = tuple(tensors) or (Tensor(0, (size,)),)

    def parts(self, array: Array) -> list[Array]:
        """Views (runs, *shape) of every tensor of an array that is laid out like the values."""
        runs = len(array)
        return [array[:, t.start : t.end].reshape(runs, *t.shape) for t in self.tensors]

    @property
    def runs(self) -> int:
        """Number of runs in the stack."""
        return int(self.values.shape[0])

    def block(self, offset: int, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """Views (runs, *shape) of the values and gradients that begin at `offset`."""
        end = offset + int(np.prod(shape))
        return (
            self.values[:, offset:end].reshape(self.runs, *shape),
            self.grads[:, offset:end].reshape(self.runs, *shape),
        )


class Workspace:
    """Hands out the buffers of one stack for batches of one size."""

    def __init__(self, runs: int, batch: int, dtype: npt.DTypeLike) -> None:
        self.runs = runs
        self.batch = batch
        self.dtype = np.dtype(dtype)

    def activations(self, shape: tuple[int, ...], dtype: npt.DTypeLike | None = None) -> Array:
        """A buffer (runs, batch, *shape)."""
        return self.buffer((self.batch, *shape), dtype)

    def buffer(self, shape: tuple[int, ...], dtype: npt.DTypeLike | None = None) -> Array:
        """A buffer (runs, *shape)."""
        return np.zeros((self.runs, *shape), self.dtype if dtype is None else dtype)
