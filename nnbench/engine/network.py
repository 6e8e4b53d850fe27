"""A network: an ordered list of layers bound to one vector of parameters a run."""

from collections.abc import Sequence
from copy import copy
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from nnbench.engine.arrays import Array, ParamStack, Tensor, Workspace
from nnbench.engine.layers.layer import Layer, Plan


class Block(NamedTuple):
    """Where the parameters of one layer lie in a run's vector."""

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
        self.layers = list(layers)
        self.plans: list[Plan] = []
        self.in_shapes: list[tuple[int, ...]] = []
        self.blocks: list[Block] = []
        self.tensors: list[Tensor] = []
        self.size = 0
        """Number of parameters of one run."""
        shape = in_shape
        for layer in self.layers:
            plan = layer.plan(shape)
            self.plans.append(plan)
            self.in_shapes.append(shape)
            if plan.size:
                name = f"{len(self.blocks) + 1}_{type(layer).__name__.lower()}"
                self.blocks.append(Block(name, self.size, self.size + plan.size))
            for tensor in plan.shapes:
                self.tensors.append(Tensor(self.size, tensor))
                self.size = self.tensors[-1].end
            shape = plan.out_shape
        self.out_shape = shape

    def initialise(self, vector: Array, rng: np.random.Generator) -> None:
        """Fill one run's parameters, (size,), from that run's stream of chance."""
        offset = 0
        for plan in self.plans:
            plan.initialise(rng, vector[offset : offset + plan.size])
            offset += plan.size

    def params(self, runs: int, dtype: npt.DTypeLike) -> ParamStack:
        """Memory for the parameters of a stack of runs."""
        return ParamStack(runs, self.size, dtype, self.tensors)

    def bind(self, params: ParamStack, work: Workspace) -> Self:
        """A copy with buffers for the stack of `params` and the batch size of `work`."""
        bound = copy(self)
        bound.layers = [copy(layer) for layer in self.layers]
        offset = 0
        for layer, plan, in_shape in zip(bound.layers, self.plans, self.in_shapes, strict=True):
            layer.bind(in_shape, params, offset, work)
            offset += plan.size
        return bound

    def forward(self, x: Array, *, train: bool) -> Array:
        """Outputs (runs, batch, outputs) for inputs (runs, batch, *in_shape)."""
        for layer in self.layers:
            x = layer.forward(x, train=train)
        return x

    def backward(self, dy: Array) -> None:
        """Write the gradients of all parameters, given d loss / d outputs."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy, need_dx=layer is not self.layers[0])
