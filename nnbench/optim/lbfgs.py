"""L-BFGS."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, zeros
from nnbench.optim.line_search import NUMBERS, PLACES, LineSearch, Point
from nnbench.optim.optimizer import Count, NotNegative, Optimizer, State

LEAST_PRODUCT = 1e-10
"""A step and its change of the gradient are kept only if their product is larger."""

BEGINS, SEARCHES, ENDED = range(3)
"""Phases of a run: it knows nothing yet; it is on a line; no step leads further down."""


class LBFGSState(NamedTuple):
    """Memory of L-BFGS; of a stack each array has a leading axis of runs."""

    point: Array
    """(size,): where the line starts."""
    direction: Array
    """(size,): where it leads."""
    gradients: Array
    """(PLACES, size): at the points that the search along it holds on to."""
    moves: Array
    """(history + 1, size): steps, in a ring."""
    turns: Array
    """(history + 1, size): what each changed in the gradient."""
    weights: Array
    """(history + 1,): 1 / (step · change)."""
    search: Array
    """(NUMBERS,): how far the search has come."""
    counts: Array
    """(3,): the phase, how many steps have been remembered, and the scale of the last one."""
    scratch: Array
    """(size,)"""


@dataclass(frozen=True)
class LBFGS(Optimizer):
    """Newton's direction, with curvature estimated from the last steps (Liu & Nocedal 1989).

        direction = −(inverse Hessian that fits the last `history` steps) · gradient
        params    ← params + step · direction, with the step of a line search

    A search first tries the rate; that of the first step rate · min(1, 1 / ‖gradient‖₁). Every
    call of `step` takes in the loss and gradient at the parameters and puts those in their place
    at which it wants to have the next; the last that a search ended at are what is evaluated. So
    all steps cost the same, and some only try. A run that has converged stays there.

    Reference: torch.optim.LBFGS(line_search_fn="strong_wolfe").
    """

    history: Count = 10
    """Steps that tell of curvature."""
    least_gradient: NotNegative = 1e-7
    """The end is where no component of the gradient is larger."""
    least_change: NotNegative = 1e-9
    """The end is where no component of the parameters, or not the loss, changes by more.

    So it is where the slope along a direction says that the loss would not.
    """

    full_batch: ClassVar[bool] = True
    needs_losses: ClassVar[bool] = True
    evaluates_others: ClassVar[bool] = True

    def init(self, params: ParamStack) -> State:
        runs, (_, size), dtype = params.runs, params.values.shape, params.values.dtype
        # One more than is kept, so that the next can be written down before it is judged.
        history = int(np.max(self.history)) + 1
        return LBFGSState(
            point=params.values.copy(),
            direction=zeros((runs, size), dtype),
            gradients=zeros((runs, PLACES, size), dtype),
            moves=zeros((runs, history, size), dtype),
            turns=zeros((runs, history, size), dtype),
            weights=np.zeros((runs, history)),
            search=np.zeros((runs, NUMBERS)),
            counts=np.tile([BEGINS, 0.0, 1.0], (runs, 1)),
            scratch=zeros((runs, size), dtype),
        )

    def step(self, params: ParamStack, state: State, rate: Column, t: int) -> None:
        # Each run is elsewhere on its way, so that there is nothing to do for all of them at once.
        columns = (self.history, self.least_gradient, self.least_change, rate)
        numbers = np.stack([np.broadcast_to(c, (params.runs, 1))[:, 0] for c in columns], axis=1)
        for run, row in enumerate(numbers.tolist()):
            descent = Descent(LBFGSState(*(array[run] for array in state)), *row)
            descent.tell(params.values[run], params.grads[run], params.losses[run])

    def evaluated(self, params: ParamStack, state: State) -> Array:
        """Parameters at the end of each run's last search."""
        point: Array = state.point
        return point


@dataclass(frozen=True)
class Descent:
    """The way of one run, by its part of the state, and its hyperparameters."""

    state: LBFGSState
    history: float
    least_gradient: float
    least_change: float
    rate: float

    def tell(self, values: Array, gradient: Array, loss: float) -> None:
        """Take in gradient and loss at the parameters, and put the next ones in their place."""
        state = self.state
        if state.counts[0] == BEGINS:
            self.begin(gradient, loss)
        elif state.counts[0] == SEARCHES:
            self.go_on(gradient, loss)
        values[:] = state.point
        if state.counts[0] == SEARCHES:
            values += self.along(LineSearch.unpack(state.search).trial)

    def begin(self, gradient: Array, loss: float) -> None:
        """Follow the gradient, of which nothing but its direction is of use yet."""
        state = self.state
        state.gradients[0] = gradient
        np.negative(gradient, out=state.direction)
        length = np.add.reduce(np.abs(gradient, out=state.scratch), dtype=np.float64)
        here = Point(0, loss, 0, 0)
        if not np.isfinite(loss) or self.is_flat(here):
            state.counts[0] = ENDED
        else:
            self.search_from(here, min(1.0, 1 / length) * self.rate)

    def go_on(self, gradient: Array, loss: float) -> None:
        """Go on with the search, or from where it has ended."""
        state = self.state
        search = LineSearch.unpack(state.search)
        state.gradients[search.free] = gradient
        here = search.tell(loss, self.dot(gradient, state.direction), self.least_change)
        if not here:
            search.pack(state.search)
            return
        state.point[:] += self.along(here.step)
        short = here.step * search.reach <= self.least_change
        if short or abs(here.loss - search.start.loss) < self.least_change or self.is_flat(here):
            state.counts[0] = ENDED
            return
        self.remember(search.start, here)
        self.turn(here)
        self.search_from(here, self.rate)

    def search_from(self, here: Point, trial: float) -> None:
        """Begin to search along the direction, if it leads down."""
        state = self.state
        slope = self.dot(self.gradient_at(here), state.direction)
        # Said so that what is no number ends here, too.
        if not -np.inf < slope <= -self.least_change:
            state.counts[0] = ENDED
            return
        if not trial:
            # At a rate of 0 it stays, and begins anew once there is another.
            state.counts[0] = BEGINS
            return
        start = here._replace(step=0, slope=slope)
        LineSearch.along(start, trial, self.largest(state.direction)).pack(state.search)
        state.counts[0] = SEARCHES

    def remember(self, start: Point, here: Point) -> None:
        """Keep a step and what it has changed in the gradient, if that tells of curvature."""
        state = self.state
        last = int(state.counts[1]) % len(state.moves)
        move, turn = state.moves[last], state.turns[last]
        np.multiply(state.direction, here.step, out=move)
        np.subtract(self.gradient_at(here), self.gradient_at(start), out=turn)
        product = self.dot(turn, move)
        if product > LEAST_PRODUCT:
            state.weights[last] = 1 / product
            state.counts[1] += 1
            state.counts[2] = product / self.dot(turn, turn)

    def turn(self, here: Point) -> None:
        """Take the direction −H · gradient, by the two loops of Nocedal (1980)."""
        state = self.state
        count = int(state.counts[1])
        slots = [i % len(state.moves) for i in range(max(0, count - int(self.history)), count)]
        direction, shares = state.direction, {}
        np.negative(self.gradient_at(here), out=direction)
        for i in reversed(slots):
            shares[i] = self.dot(state.moves[i], direction) * state.weights[i]
            self.add(state.turns[i], -shares[i])
        direction *= state.counts[2]
        for i in slots:
            again = self.dot(state.turns[i], direction) * state.weights[i]
            self.add(state.moves[i], shares[i] - again)

    def gradient_at(self, point: Point) -> Array:
        """The gradient (size,) at a point that the search holds on to."""
        gradient: Array = self.state.gradients[int(point.place)]
        return gradient

    def is_flat(self, here: Point) -> bool:
        """True if the gradient at a point has vanished."""
        return self.largest(self.gradient_at(here)) <= self.least_gradient

    def along(self, step: float) -> Array:
        """A step along the direction, in the scratch space."""
        ahead: Array = np.multiply(self.state.direction, step, out=self.state.scratch)
        return ahead

    def add(self, vector: Array, factor: float) -> None:
        """Add a multiple of a vector to the direction."""
        self.state.direction[:] += np.multiply(vector, factor, out=self.state.scratch)

    def largest(self, vector: Array) -> float:
        """Size of the largest component."""
        return float(np.abs(vector, out=self.state.scratch).max())

    def dot(self, first: Array, other: Array) -> float:
        """Product of two vectors, summed in float64."""
        # Not by BLAS, whose order of summing may depend on where a vector lies.
        return float(
            np.add.reduce(np.multiply(first, other, out=self.state.scratch), dtype=np.float64)
        )
