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

LARGEST = 1e100
"""A number beyond which sums of squares may be infinite."""

CACHE_LINE = 64
"""Bytes that a processor moves at a time."""


def zeros(shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
    """Zeros that begin at a cache line, so that no vector of the processor's lies across two.

    NumPy's own begin 16 bytes behind one: training takes 1.5 to 3% longer on them with AVX2, and 2
    to 7% with AVX-512 (a stack of 8: 2 and 3%; an LSTM: 3 and 7%), for the same bits.
    """
    size = prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    array: Array = memory[start : start + size].view(dtype).reshape(shape)
    return array


def zeros_like(array: Array) -> Array:
    """Zeros of the same shape, type and order in memory."""
    return zeros(array.shape, array.dtype) if array.flags.c_contiguous else np.zeros_like(array)


@dataclass(frozen=True)
class Tensor:
    """Position of one tensor of parameters, a weight matrix or a bias, in a run's vector.

    A kernel is one matrix, (taps · inputs, channels), and each gate of a recurrent layer has
    matrices and biases of its own. PyTorch's kernels have an axis for rows and one for columns of
    taps, and its gates are one tensor; so an optimizer that treats tensors one by one does not
    move those as it moves PyTorch's.
    """

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
    tensor separately finds them in `tensors`, which is the whole vector where nothing is known.
    `statistics`, (runs, n), are what layers measure instead of learning it.
    """

    def __init__(
        self,
        runs: int,
        size: int,
        dtype: npt.DTypeLike,
        tensors: Sequence[Tensor] = (),
        statistics: int = 0,
    ) -> None:
        self.values: Array = zeros((runs, size), dtype)
        self.grads: Array = zeros((runs, size), dtype)
        self.statistics: Array = zeros((runs, statistics), dtype)
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

    def snapshot(self, out: Array | None = None) -> Array:
        """A copy of all that decides the outputs, (runs, size + n), in `out` if it is given."""
        return np.concatenate([self.values, self.statistics], axis=1, out=out)

    def restore(self, snapshot: Array) -> None:
        """Put a snapshot back."""
        size = self.values.shape[1]
        self.values[:], self.statistics[:] = snapshot[:, :size], snapshot[:, size:]


SMALLEST = {
    np.dtype(kind): float(np.sqrt(np.finfo(kind).tiny / np.finfo(kind).eps))
    for kind in (np.float32, np.float64)
}
"""The least norm whose squares have all their digits."""


def norms(array: Array, scratch: Array, parts: Sequence[slice] = (slice(None),)) -> Array:
    """Euclidean norms of some slices of each run's vector, (runs, slices), of numbers of any size.

    `scratch`, as large as the array, is overwritten.
    """
    # Not einsum, which sums in chunks of its buffer that depend on the rows beside.
    np.multiply(array, array, out=scratch)
    sums = [np.add.reduce(scratch[:, span], axis=1) for span in parts]
    roots: Array = np.sqrt(np.stack(sums, axis=1))
    plain = (roots > SMALLEST[roots.dtype]) & (roots < np.inf)
    if not plain.all():
        for run, number in np.argwhere(~plain):
            numbers, sizes = (a[run, parts[number]] for a in (array, scratch))
            largest = np.abs(numbers, out=sizes).max(initial=0)
            if 0 < largest < np.inf:
                sizes /= largest
                sizes *= sizes
                roots[run, number] = largest * np.sqrt(np.add.reduce(sizes))
    return roots


class Views:
    """Hands out views of a stack's parameters and statistics, one tensor after another."""

    def __init__(self, params: ParamStack) -> None:
        self.params = params
        self.parameters = 0
        """Position of the next tensor of parameters."""
        self.statistics = 0

    def parameter(self, *shape: int) -> tuple[Array, Array]:
        """Values and gradients of the next tensor, each (runs, *shape)."""
        start, self.parameters = self.parameters, self.parameters + prod(shape)
        span = slice(start, self.parameters)
        runs, values, grads = self.params.runs, self.params.values, self.params.grads
        return values[:, span].reshape(runs, *shape), grads[:, span].reshape(runs, *shape)

    def statistic(self, *shape: int) -> Array:
        """The next statistics, (runs, *shape)."""
        start, self.statistics = self.statistics, self.statistics + prod(shape)
        statistics: Array = self.params.statistics[:, start : self.statistics]
        return statistics.reshape(self.params.runs, *shape)


class Workspace:
    """Hands out the buffers of one stack for batches of one size."""

    def __init__(
        self,
        runs: int,
        batch: int,
        dtype: npt.DTypeLike,
        chance: Sequence[np.random.Generator] = (),
    ) -> None:
        self.runs = runs
        self.batch = batch
        self.dtype = np.dtype(dtype)
        self.chance = chance
        """A stream a run, for layers that toss coins while they train."""

    def activations(self, shape: tuple[int, ...], dtype: npt.DTypeLike | None = None) -> Array:
        """A buffer (runs, batch, *shape)."""
        return self.buffer((self.batch, *shape), dtype)

    def buffer(self, shape: tuple[int, ...], dtype: npt.DTypeLike | None = None) -> Array:
        """A buffer (runs, *shape)."""
        return zeros((self.runs, *shape), self.dtype if dtype is None else dtype)


def row_norms(array: Array) -> Array:
    """Euclidean norm of each run's vector: (runs, size) → (runs,)."""
    return norms(array, np.empty_like(array))[:, 0]
