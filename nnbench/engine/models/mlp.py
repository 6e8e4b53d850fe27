"""The feed-forward network, or multi-layer perceptron."""

from dataclasses import dataclass

from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.layer import Layer
from nnbench.engine.layers.reshape import Reshape


@dataclass(frozen=True)
class MLP:
    """Every unit of a layer is connected with all of the layer before; as `Model` says."""

    def layers(
        self,
        in_shape: tuple[int, ...],
        outputs: int,
        depth: int,
        width: int,
        hidden: Hidden,
        init: Initializer,
    ) -> list[Layer]:
        layers: list[Layer] = [] if len(in_shape) == 1 else [Reshape(-1)]
        for _ in range(depth):
            layers += hidden.layer(Dense(width, init))
        return [*layers, Dense(outputs, init.output)]
