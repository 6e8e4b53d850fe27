"""Forward and backward passes of a stack on batches of one size."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nnbench.data.batches import Batches
from nnbench.engine.arrays import Array, ParamStack, Workspace
from nnbench.engine.losses import Loss
from nnbench.engine.network import Network


class Observer(Protocol):
    """An observer of passes, which changes nothing."""

    def handed_on(self, position: int, y: Array) -> None:
        """The layer at that position has put out y, (runs, batch, …); the next may overwrite it."""

    def differentiated(self, network: Network) -> None:
        """The gradients of the loss lie where the network's layers write them."""


class Passes:
    """A network, its loss and all buffers they need for batches of one size."""

    def __init__(
        self,
        network: Network,
        loss: Loss,
        batches: Batches,
        params: ParamStack,
        batch: int,
        chance: Sequence[np.random.Generator] = (),
    ) -> None:
        work = Workspace(params.runs, batch, batches.dtype, chance)
        self.batches = batches
        self.network = network.bind(params, work)
        self.loss = loss.bind(work)
        self.x = work.activations(batches.in_shape)
        self.targets = work.activations((batches.outputs,))
        self.doutputs = work.activations((batches.outputs,))
        self.observer: Observer | None = None

    def backpropagate(self, rows: Array) -> None:
        """Write the gradient of the loss on the rows, (runs, batch)."""
        self.batches.gather(rows, self.x, self.targets)
        self.outputs = self.forward(train=True)
        self.network.backward(self.loss.gradient(self.outputs, self.targets, self.doutputs))
        if self.observer is not None:
            self.observer.differentiated(self.network)

    def forward(self, *, train: bool) -> Array:
        """Outputs of the network for the inputs that have been gathered."""
        watch = self.observer.handed_on if self.observer is not None else None
        return self.network.forward(self.x, train=train, watch=watch)

    def adjust(self, rows: Array) -> None:
        """Let initialisers that want to see data see the rows, (runs, batch)."""
        self.batches.gather(rows, self.x, self.targets)
        self.network.adjust(self.x)

    def remeasure(self, rows: Array) -> None:
        """Let layers measure anew: the plain mean over batches of the rows, (runs, rows).

        Batches are dealt out, since rows may lie in the order of their classes; what is left of
        them is not used. (Wu & Johnson 2021: precise statistics of batch normalisation.)
        """
        batch = self.x.shape[1]
        count = rows.shape[1] // batch
        measuring = [layer for layer in self.network.layers if layer.momentum is not None]
        for number in range(count):
            for layer in measuring:
                layer.momentum = 1 / (number + 1)
            self.batches.gather(rows[:, number::count][:, :batch], self.x, self.targets)
            self.forward(train=True)

    def losses(self) -> Array:
        """The loss of every run, (runs,), in the last pass forward and back."""
        return self.loss.value(self.outputs, self.targets)
