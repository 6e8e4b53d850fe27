"""The search along a line for a step that satisfies the strong Wolfe conditions."""

from dataclasses import astuple, dataclass, fields
from typing import NamedTuple, Self

import numpy as np

from nnbench.engine.arrays import Array

DECREASE = 1e-4
"""Share of the descent that the first slope promises which a step must keep."""
CURVATURE = 0.9
"""Share of the first slope that may be left at the end of a step."""
TRIALS = 25
"""Evaluations after the first, at most."""


class Point(NamedTuple):
    """A place on the line."""

    step: float
    """Distance along the direction."""
    loss: float
    slope: float
    """The derivative of the loss by the step."""
    place: float
    """Index of the gradient at this point."""


PLACES = 4
"""Gradients that a search keeps: at its start, at both ends of a bracket, and the next."""


@dataclass
class LineSearch:
    """State of a search: it requests an evaluation at `trial` and receives the result.

    It first goes further and further until there is a bracket, two ends with what is looked for
    between them, and then narrows that down (Nocedal & Wright 2006, section 3.5). Reference:
    strong_wolfe of torch.optim.LBFGS, step by step, but that a loss which is no finite number is
    taken for a very large one: there the search turns back.
    """

    start: Point
    end: Point
    """The previous point, then one end of the bracket."""
    other: Point
    """The other end of the bracket."""
    trial: float
    """The step to be evaluated next."""
    reach: float
    """Largest component of the direction."""
    trials: float = 0
    bracketed: float = False
    hesitant: float = False
    """True if the last step came close to an end of the bracket."""

    @classmethod
    def along(cls, start: Point, trial: float, reach: float) -> Self:
        """A new search."""
        return cls(start, start, start, trial, reach)

    @classmethod
    def unpack(cls, numbers: Array) -> Self:
        """The search of which `pack` made the numbers."""
        start, end, other = (Point(*point) for point in numbers[:12].reshape(3, 4).tolist())
        return cls(start, end, other, *numbers[12:].tolist())

    def pack(self, numbers: Array) -> None:
        """Write everything into an array (NUMBERS,)."""
        start, end, other, *state = astuple(self)
        numbers[:] = [*start, *end, *other, *state]

    @property
    def free(self) -> int:
        """Index of a free slot for the next gradient."""
        taken = {point.place for point in (self.start, self.end, self.other)}
        return next(place for place in range(PLACES) if place not in taken)

    @property
    def best(self) -> Point:
        """The lower end of the bracket."""
        return self.end if self.end.loss <= self.other.loss else self.other

    def tell(self, loss: float, slope: float, shortest: float) -> Point | None:
        """Take in what was found at `trial`; the result is the point to go to, if that is settled.

        If not, `trial` is the next one. A bracket in which no component of the parameters changes
        by `shortest` is settled.
        """
        if not np.isfinite(loss + slope):
            loss = np.inf
        new = Point(self.trial, loss, slope, self.free)
        settled = self.narrow(new) if self.bracketed else self.go_on(new)
        if settled or not self.bracketed:
            return settled
        width = abs(self.other.step - self.end.step)
        if self.trials >= TRIALS or width * self.reach < shortest:
            return self.best
        self.trial = self.between()
        self.trials += 1
        return None

    def too_high(self, new: Point) -> bool:
        """True if a point descends too little, given the first slope (Armijo)."""
        return new.loss > self.start.loss + DECREASE * new.step * self.start.slope

    def flat(self, new: Point) -> bool:
        """True if the slope at a point is small enough, given the first one."""
        return abs(new.slope) <= -CURVATURE * self.start.slope

    def go_on(self, new: Point) -> Point | None:
        """Take in a point that lies beyond all others."""
        if self.trials == TRIALS:
            return self.start if self.start.loss <= new.loss else new
        rises = self.too_high(new) or (self.trials > 1 and new.loss >= self.end.loss)
        if not rises and self.flat(new):
            return new
        if rises or new.slope >= 0:
            self.other, self.bracketed = new, True
            return None
        further = new.step + 0.01 * (new.step - self.end.step)
        self.trial = cubic_minimum(self.end, new, further, 10 * new.step)
        self.end = new
        self.trials += 1
        return None

    def narrow(self, new: Point) -> Point | None:
        """Take in a point between the ends of the bracket."""
        ends = [self.end, self.other]
        low = ends.index(self.best)
        high = 1 - low
        if self.too_high(new) or new.loss >= ends[low].loss:
            ends[high] = new
        elif self.flat(new):
            return new
        else:
            if new.slope * (ends[high].step - ends[low].step) >= 0:
                ends[high] = ends[low]
            ends[low] = new
        self.end, self.other = ends
        return None

    def between(self) -> float:
        """A step between the ends of the bracket, which keeps its distance from them."""
        left, right = sorted((self.end.step, self.other.step))
        step = cubic_minimum(self.end, self.other, left, right)
        margin = 0.1 * (right - left)
        if min(right - step, step - left) >= margin:
            self.hesitant = False
        elif not self.hesitant and left < step < right:
            self.hesitant = True
        else:
            self.hesitant = False
            step = right - margin if abs(step - right) < abs(step - left) else left + margin
        return step


NUMBERS = 3 * len(Point._fields) + len(fields(LineSearch)) - 3
"""Number of values of a packed search."""


def cubic_minimum(first: Point, other: Point, lowest: float, highest: float) -> float:
    """Minimum of the cubic through two points with their slopes, within bounds.

    If it has none, the middle of the bounds.
    """
    left, right = (first, other) if first.step <= other.step else (other, first)
    width = np.float64(right.step - left.step)
    with np.errstate(all="ignore"):
        middle = left.slope + right.slope - 3 * (left.loss - right.loss) / -width
        root = np.sqrt(middle * middle - left.slope * right.slope)
        share = (right.slope + root - middle) / (right.slope - left.slope + 2 * root)
    step = right.step - width * share
    if not np.isfinite(step):
        return (lowest + highest) / 2
    return float(min(max(step, lowest), highest))
