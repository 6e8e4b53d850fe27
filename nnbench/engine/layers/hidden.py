"""What stands around every linear map of a network to make a hidden layer of it."""

from dataclasses import dataclass

from nnbench.engine.activations import Activation
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.dropout import Dropout
from nnbench.engine.layers.layer import Layer
from nnbench.engine.layers.residual import residual


@dataclass(frozen=True)
class Hidden:
    """linear map → norm → activation → dropout, and around it all, if `residual`, its input."""

    activation: Activation | Layer
    norm: Layer | None = None
    dropout: float = 0.0
    residual: bool = False

    def layer(self, linear: Layer) -> list[Layer]:
        """The hidden layer of a linear map."""
        layers = [linear]
        if self.norm is not None:
            layers.append(self.norm)
        layers.append(activate(self.activation))
        if self.dropout:
            layers.append(Dropout(self.dropout))
        return residual(layers) if self.residual else layers
