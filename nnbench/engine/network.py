"""A network: an ordered list of layers bound to one vector of parameters a run."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from nnbench.engine.arrays import Array, ParamStack, Tensor, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan
from nnbench.engine.own import completed_layer


class Block(NamedTuple):
    """Position of one layer's parameters in a run's vector."""

    name: str
    start: int
    end: int


class Network:
    """Layers in order, planned for one input shape.

    A network is only a plan until `bind` gives a copy that has memory for a stack of runs and
    batches of one size; several such copies (training batches, the short last batch, evaluation)
    share the same parameters.
    """

    def __init__(self, layers: Sequence[Layer], in_shape: tuple[int, ...]) -> None:
        self.layers = [completed_layer(layer) for layer in layers]
        self.plans: list[Plan] = []
        self.in_shapes: list[tuple[int, ...]] = []
        self.blocks: list[Block] = []
        self.block_of: list[int] = []
        """The block of each layer: the last that begins there or before."""
        self.tensors: list[Tensor] = []
        self.size = 0
        """Number of parameters of one run."""
        self.products = 0
        """Multiply-adds of its matrix products for one example, forward."""
        self.statistics: list[float] = []
        """First values of what the layers measure."""
        shape = in_shape
        for layer in self.layers:
            plan = layer.plan(shape)
            self.plans.append(plan)
            self.in_shapes.append(shape)
            self.statistics += plan.statistics
            self.products += plan.products
            if plan.size:
                name = f"{len(self.blocks) + 1}_{layer.kind.lower()}"
                self.blocks.append(Block(name, self.size, self.size + plan.size))
            self.block_of.append(max(len(self.blocks) - 1, 0))
            for tensor in plan.shapes:
                self.tensors.append(Tensor(self.size, tensor))
                self.size = self.tensors[-1].end
            shape = plan.out_shape
        self.out_shape = shape
        self.first = next((i for i, plan in enumerate(self.plans) if plan.size), 0)
        """The layer beyond which no gradient is needed."""

    def initialise(self, vector: Array, rng: np.random.Generator) -> None:
        """Fill one run's parameters, (size,), from that run's stream of chance."""
        offset = 0
        for plan in self.plans:
            plan.initialise(rng, vector[offset : offset + plan.size])
            offset += plan.size

    @property
    def adjusts(self) -> bool:
        """True if the initialiser of a layer needs data."""
        return any(layer.init.adjusts for layer in self.layers)

    def adjust(self, x: Array) -> None:
        """Let those initialisers have their way, given inputs (runs, batch, *in_shape)."""
        for layer in self.layers:
            if layer.init.adjusts and layer.weights.size:
                layer.init.adjust(layer.weights, partial(layer.forward, x, train=False))
            x = layer.forward(x, train=False)

    def params(self, runs: int, dtype: npt.DTypeLike) -> ParamStack:
        """Memory for the parameters of a stack of runs."""
        params = ParamStack(runs, self.size, dtype, self.tensors, len(self.statistics))
        params.statistics[:] = self.statistics
        return params

    def bind(self, params: ParamStack, work: Workspace) -> Self:
        """A copy with buffers for the stack of `params` and the batch size of `work`."""
        bound = copy(self)
        bound.layers = [copy(layer) for layer in self.layers]
        views = Views(params)
        for layer, in_shape in zip(bound.layers, self.in_shapes, strict=True):
            layer.bind(in_shape, views, work)
        return bound

    def forward(
        self, x: Array, *, train: bool, watch: Callable[[int, Array], None] | None = None
    ) -> Array:
        """Outputs (runs, batch, outputs) for inputs (runs, batch, *in_shape).

        `watch` is called with the position and the output of each layer, before the next one gets
        it.
        """
        for position, layer in enumerate(self.layers):
            x = layer.forward(x, train=train)
            if watch is not None:
                watch(position, x)
        return x

    def backward(self, dy: Array) -> None:
        """Write the gradients of all parameters, given d loss / d outputs."""
        first = self.layers[self.first]
        for layer in reversed(self.layers[self.first :]):
            dy = layer.backward(dy, need_dx=layer is not first)
