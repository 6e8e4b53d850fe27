"""The members of every kind of network."""

from typing import Protocol

from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.layer import Layer


class Model(Protocol):
    """A kind of network; its hyperparameters are its fields."""

    def layers(
        self,
        in_shape: tuple[int, ...],
        outputs: int,
        depth: int,
        width: int,
        hidden: Hidden,
        init: Initializer,
    ) -> list[Layer]:
        """`depth` hidden layers of `width` units or channels for inputs of a shape, then outputs.

        With depth 0 it is the linear model. Output layers begin from `init.output`, which is
        smaller where nobody names an initialiser. Raises ValueError for inputs of an invalid shape.
        """
