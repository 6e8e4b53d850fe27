"""The members of every recurrent cell, which makes one step of a layer.

A cell is given, gate by gate, what the layer's products make of the input and of the state before,
and makes the next state of it. On the way back, what depends on no later step is worked out for
several steps at once.
"""

from dataclasses import dataclass
from typing import ClassVar

from nnbench.engine.activations import Activation, reads_slope
from nnbench.engine.arrays import Array, Workspace, zeros, zeros_like

AT_ONCE = 8
"""Steps whose slopes are worked out together: fewer would be more calls, more need more memory.

With 32 units and batches of 64, training takes as long with 4 as with all 40 steps.
"""


@dataclass(frozen=True)
class Memory:
    """Arrays that a layer shares with its cell: (gates, steps, batch, runs, units) but for two.

    So a gate is one piece of memory at a step and at several in a row, whatever the number of runs,
    and all rows of a run are a matrix still.
    """

    gates: Array
    """The input's contribution, which the cell turns into the gates' values."""
    states: Array
    """(1 + steps, batch, runs, units): the state before each step, and the last."""
    recurrent: Array
    """(gates, batch, runs, units): what the state before a step contributes."""
    drecurrent: Array
    """Gradients with respect to what the state before contributes."""
    dinput: Array
    """Gradients with respect to what the input contributes, of the last gates where they differ."""


def by_step(array: Array) -> list[Array]:
    """Views (gates, batch, runs, units) of each step."""
    return [array[:, t] for t in range(array.shape[1])]


class Cell:
    """One kind of step; `function`, tanh in the papers, makes what is new in the state."""

    gates: ClassVar[int] = 1
    """Number of products of the input, and of the previous state."""
    apart: ClassVar[int] = 0
    """Number of the last gates of which the two have different gradients."""

    def __init__(self, function: Activation) -> None:
        self.function = function

    def first_biases(self, biases: Array) -> None:
        """Change the first values of the input's biases, (gates, units), which are zero."""

    def bind(self, memory: Memory, work: Workspace) -> None:
        """Take buffers, and views of each step."""
        self.memory = memory
        self.states = list(memory.states)
        self.values, self.dvalues = by_step(memory.gates), by_step(memory.drecurrent)
        gates, steps, *run_and_units = memory.gates.shape
        # What a function leaves in a step's slopes on the way must be there on the way back.
        self.at_once = steps if reads_slope(self.function) else min(AT_ONCE, steps)
        self.slopes = zeros((gates, self.at_once, *run_and_units), memory.gates.dtype)
        """Factor of a gate's gradient at the steps that are next on the way back."""
        self.slope = [self.slopes[:, t % self.at_once] for t in range(steps)]

    def new_content(self) -> Array:
        """A buffer for what the function is given at all steps, if that is needed later."""
        content: Array = self.memory.gates[-1]
        return content if self.function.from_output else zeros_like(content)

    def add_biases(self, biases: Array, recurrent: Array) -> None:
        """Add those of the recurrent products, (runs, gates, 1, units), to the inputs'."""
        biases += recurrent

    def forward(self, t: int) -> None:
        """Write the state after step t."""
        raise NotImplementedError

    def prepare(self, units: slice) -> None:
        """Work out the slopes of some steps, at most `at_once`, that are next on the way back."""
        raise NotImplementedError

    def slopes_of(self, units: slice) -> Array:
        """Their gradients, as a view."""
        return self.slopes[:, : units.stop - units.start]

    def backward(self, t: int, dh: Array) -> None:
        """Write the gradients of step t's gates, given that of the state after it.

        What of that reaches the state before without a product is left in dh.
        """
        raise NotImplementedError

    def cut(self) -> None:
        """Let no gradient through to the steps before."""
