"""The members of every loss: its value, and its gradient with respect to the outputs.

Outputs and targets are (runs, batch, outputs); classes come as one-hot targets. Every loss is a
mean over the batch, so that a learning rate means the same at any batch size.
"""

from typing import ClassVar, Self

import numpy as np

from nnbench.engine.arrays import Array, Workspace


class Loss:
    """A loss; `bind` gives a copy that owns the buffers its gradient needs.

    A user's loss may leave out `tasks`, and need not be a subclass (see engine/own.py).
    """

    tasks: ClassVar[tuple[str, ...]] = ("classification", "regression")
    """Tasks that it is for."""

    def bind(self, work: Workspace) -> Self:
        """A copy for the stack and batch size of `work`."""
        raise NotImplementedError

    def value(self, outputs: Array, targets: Array) -> Array:
        """The loss of every run, (runs,)."""
        raise NotImplementedError

    def gradient(self, outputs: Array, targets: Array, out: Array) -> Array:
        """Write d loss / d outputs into `out`."""
        raise NotImplementedError


def mean_per_run(values: Array) -> Array:
    """Mean over all but the first axis, in float64: (runs, …) → (runs,)."""
    flat = values.reshape(values.shape[0], -1)
    mean: Array = np.add.reduce(flat, axis=1, dtype=np.float64) / flat.shape[1]
    return mean
