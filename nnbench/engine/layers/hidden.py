"""Norm, activation, dropout and residual connection around a linear map: a hidden layer."""

from dataclasses import dataclass, field

from nnbench.engine.activations import Activation
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.dropout import Dropout
from nnbench.engine.layers.layer import Layer
from nnbench.engine.layers.residual import Branches, residual


@dataclass(frozen=True)
class Hidden:
    """linear map → norm → activation → dropout, and around it all, if `residual`, its input.

    `branches` are those of the network whose hidden layers are made.
    """

    activation: Activation | Layer
    norm: Layer | None = None
    dropout: float = 0.0
    residual: bool = False
    branches: Branches = field(default_factory=Branches, compare=False)

    def layer(self, linear: Layer) -> list[Layer]:
        """The hidden layer of a linear map."""
        return self.wrapped([linear], [activate(self.activation)])

    def recurrent(self, layer: Layer) -> list[Layer]:
        """The hidden layer of a recurrent one, whose activation is part of it."""
        return self.wrapped([layer], [])

    def wrapped(self, first: list[Layer], then: list[Layer]) -> list[Layer]:
        """Some layers, the norm, some more and dropout, and the way around them all."""
        norms = [self.norm] if self.norm is not None else []
        dropouts: list[Layer] = [Dropout(self.dropout)] if self.dropout else []
        layers = [*first, *norms, *then, *dropouts]
        return residual(layers, self.branches) if self.residual else layers
