"""The feed-forward network, or multi-layer perceptron."""

from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.flatten import Flatten
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.layer import Layer


def mlp(
    in_shape: tuple[int, ...],
    outputs: int,
    *,
    depth: int,
    width: int,
    hidden: Hidden,
    init: Initializer,
) -> list[Layer]:
    """`depth` hidden layers of `width` units, then the outputs.

    With depth 0 it is the linear model.
    """
    layers: list[Layer] = [] if len(in_shape) == 1 else [Flatten()]
    for _ in range(depth):
        layers += hidden.layer(Dense(width, init))
    return [*layers, Dense(outputs, init)]
