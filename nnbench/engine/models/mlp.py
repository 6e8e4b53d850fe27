"""The feed-forward network, or multi-layer perceptron."""

from nnbench.engine.activations import Activation
from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.layer import Layer


def mlp(
    outputs: int, *, depth: int, width: int, activation: Activation | Layer, init: Initializer
) -> list[Layer]:
    """`depth` hidden layers of `width` units, each followed by the activation; then the outputs.

    With depth 0 it is the linear model.
    """
    layers: list[Layer] = []
    for _ in range(depth):
        layers += [Dense(width, init), activate(activation)]
    return [*layers, Dense(outputs, init)]
