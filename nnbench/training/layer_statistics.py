"""Layer statistics: gradients, updates and activations at some moments of training.

The gradient reaches a layer or vanishes on its way; a step changes its weights by a thousandth or
by half; its units say something, or the same whatever they are shown.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnbench.engine.arrays import Array, ParamStack, norms, row_norms
from nnbench.engine.network import Network

STATISTICS = (
    "gradient_norm",
    "update_ratio",
    "activation_mean",
    "activation_std",
    "dead_share",
    "saturated_share",
)
"""Statistics of each layer that has parameters:

- the norm of the gradient of the loss, before it is clipped;
- the norm of what the step changes, divided by that of the parameters before it;
- mean and standard deviation of its outputs, after its activation, if it has one;
- the share of units whose derivative is zero for every example examined;
- the share of units and examples where it is. Without an activation both are NaN.
"""

MOMENTS = 9
"""Largest number of observations of a run, beside the first."""

ROWS = 64
"""Largest number of examples of a batch that are examined."""

FLAT = 1e-3
"""A derivative counts as zero below this share of the largest that the activation has."""


FOLLOWING = ("batchnorm", "layernorm", "prelu")
"""Layers with parameters that belong to the layer of weights before them."""


def moments_of(epochs: int) -> Array:
    """The epochs at which a run is observed, (moments,): closer at the beginning, and the last.

    They depend on nothing else, so that runs can be compared. 0 is the very first step; any other
    is the last step on a whole batch of that epoch.
    """
    return np.unique([0, *np.geomspace(1, epochs, MOMENTS).round()]).astype(int)


class GradientNorm:
    """The norm of a step's gradient, as an observer of its passes: `gradient_norm`, (runs,).

    Of a step that takes several passes, only the first is at the parameters themselves.
    """

    def __init__(self, params: ParamStack) -> None:
        self.params = params
        self.first_pass_is_over = False
        """True if the first pass is over."""

    def handed_on(self, position: int, y: Array) -> None:
        """Layers' outputs are ignored."""

    def differentiated(self, network: Network) -> None:
        """Take the norm of the gradient."""
        if not self.first_pass_is_over:
            self.look(network)
        self.first_pass_is_over = True

    def look(self, network: Network) -> None:
        """Take what there is to be seen after the first pass."""
        self.gradient_norm = row_norms(self.params.grads)

    def updated(self) -> None:
        """Updates are ignored."""


class LayerStatistics(GradientNorm):
    """Statistics of all layers at a step: `layers`, (runs, statistics, layers).

    It is made before the step.
    """

    def __init__(self, params: ParamStack, network: Network) -> None:
        super().__init__(params)
        self.parts = [slice(block.start, block.end) for block in network.blocks]
        self.before = params.values.copy()
        self.block_at = shown_layers(network)
        self.layers = np.full((params.runs, len(STATISTICS), len(self.parts)), np.nan)
        self.by_name = dict(zip(STATISTICS, self.layers.swapaxes(0, 1), strict=True))

    def handed_on(self, position: int, y: Array) -> None:
        """Take mean and standard deviation of what the layers hand on."""
        block = self.block_at.get(position)
        if block is None or self.first_pass_is_over:
            return
        numbers = y[:, :ROWS].reshape(len(y), -1)
        count = numbers.shape[1]
        mean = np.add.reduce(numbers, axis=1, keepdims=True) / count
        self.by_name["activation_mean"][:, block] = mean[:, 0]
        self.by_name["activation_std"][:, block] = row_norms(numbers - mean) / np.sqrt(count)

    def look(self, network: Network) -> None:
        """Take norms of gradients, and where activations are flat."""
        super().look(network)
        self.by_name["gradient_norm"][:] = self.norms(self.params.grads)
        for position, block in self.block_at.items():
            layer = network.layers[position]
            if layer.steepest is None:
                continue
            flat = np.abs(layer.derivative[:, :ROWS]) < FLAT * layer.steepest
            # A unit of an image or sequence is a channel, at all places.
            dead = np.logical_and.reduce(flat, axis=tuple(range(1, flat.ndim - 1)))
            for name, where in (("dead_share", dead), ("saturated_share", flat)):
                of_run = where.reshape(len(where), -1)
                self.by_name[name][:, block] = np.add.reduce(of_run, axis=1) / of_run.shape[1]

    def updated(self) -> None:
        """Take what the step has changed."""
        changes = self.norms(self.params.values - self.before)
        np.divide(changes, self.norms(self.before), out=self.by_name["update_ratio"])

    def norms(self, array: Array) -> Array:
        """Norm of each layer's part of an array like the parameters, (runs, layers)."""
        return norms(array, np.empty_like(array), self.parts)


def shown_layers(network: Network) -> dict[int, int]:
    """Position of the layer whose outputs stand for a block → the block.

    It is the activation where there is one, else the layer with the parameters itself.
    """
    chosen: dict[int, int] = {}
    for position, (layer, plan) in enumerate(zip(network.layers, network.plans, strict=True)):
        if plan.size or (layer.steepest is not None and network.blocks):
            chosen[network.block_of[position]] = position
    return {position: block for block, position in chosen.items()}


def weight_layers(layers: Sequence[str]) -> list[range]:
    """The places of each layer of weights and of what belongs to it."""
    starts = [i for i, name in enumerate(layers) if name.partition("_")[2] not in FOLLOWING]
    return [range(*ends) for ends in pairwise([*starts, len(layers)])]
