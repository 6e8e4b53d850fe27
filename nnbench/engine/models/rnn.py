"""The recurrent network, over sequences, signals and the rows of images."""

from dataclasses import dataclass
from typing import Annotated

from nnbench.allowed import TRUTH, Checked, one_of, whole
from nnbench.engine.initializers import Identity, Initializer, Orthogonal
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.gru_and_lstm import GRU, LSTM, SimpleCell
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.layer import Layer
from nnbench.engine.layers.pooling import GlobalAverage
from nnbench.engine.layers.recurrent import Bidirectional, Last, Recurrent
from nnbench.engine.layers.reshape import Reshape
from nnbench.engine.own import is_function

CELLS = {"simple": SimpleCell, "gru": GRU, "lstm": LSTM}
RECURRENT_INITS: dict[str, Initializer | None] = {
    "orthogonal": Orthogonal(),
    "identity": Identity(),
    "same": None,
}


@dataclass(frozen=True)
class RNN(Checked):
    """Every hidden layer is recurrent and hands all its states on to the next; as `Model` says.

    `width` is the number of units, in each direction. The activation is that of the new content of
    the state. An image is read row by row.
    """

    cell: Annotated[str, one_of(CELLS)] = "gru"
    bidirectional: Annotated[bool, TRUTH] = False
    output: Annotated[str, one_of(("last", "mean"))] = "last"
    truncation: Annotated[int | None, whole(1).or_null("for all steps")] = None
    recurrent_init: Annotated[str, one_of(RECURRENT_INITS)] = "orthogonal"

    def layers(
        self,
        in_shape: tuple[int, ...],
        outputs: int,
        depth: int,
        width: int,
        hidden: Hidden,
        init: Initializer,
    ) -> list[Layer]:
        if len(in_shape) == 1:
            raise ValueError(f"is for data with steps, but an example is {in_shape[0]} numbers")
        if not depth:
            return [Reshape(-1), Dense(outputs, init.output)]
        layers: list[Layer] = [Reshape(in_shape[0], -1)] if len(in_shape) > 2 else []
        for _ in range(depth):
            layers += hidden.recurrent(self.layer(width, hidden, init))
        last = Last(bidirectional=self.bidirectional)
        read = last if self.output == "last" else GlobalAverage()
        return [*layers, read, Dense(outputs, init.output)]

    def layer(self, width: int, hidden: Hidden, init: Initializer) -> Layer:
        """One recurrent layer, or two that read from both ends."""
        if not is_function(hidden.activation):
            kind = type(hidden.activation).__name__
            raise ValueError(f"needs an activation with nothing to learn, unlike {kind}")
        if init.adjusts:
            # What a cell puts out is bounded, whatever weights are multiplied by.
            raise ValueError(f"needs an init that does not depend on outputs, unlike {init.kind}")
        cell = CELLS[self.cell](hidden.activation)
        recurrent_init = RECURRENT_INITS[self.recurrent_init] or init

        def recurrent(*, backwards: bool) -> Recurrent:
            return Recurrent(
                width, cell, init, recurrent_init, self.truncation, backwards=backwards
            )

        if not self.bidirectional:
            return recurrent(backwards=False)
        return Bidirectional(recurrent(backwards=False), recurrent(backwards=True))
