"""Values whose best setting may lie beyond the grid, which then goes on as a sweep's does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnbench.report.statistics import (
    STEP_LEVEL,
    Outcome,
    choose,
    decide,
    difference,
    open_ends,
)
from tests.calibration.designs import COMMON, DRAWS, LUCK, TEST, VALIDATION

STEPS = 3
"""Steps that are taken at most, on either side."""
TYPED = 5
"""Settings of the grid as typed, which has as many on either side as there are steps."""
SETTINGS = TYPED + 2 * STEPS


@dataclass(frozen=True)
class Peak:
    """Merits of a value's settings; at its best every value is worth the same."""

    place: int
    """Place of the best: 0 to 10 can be reached, 3 to 7 are typed."""
    drop: float = 0.004
    """Loss one step away from it."""
    power: int = 2
    """1 for a loss that is the same for every step, 2 for one that grows."""

    @property
    def merits(self) -> np.ndarray:
        """(settings,)"""
        return -self.drop * np.abs(np.arange(SETTINGS) - self.place) ** self.power


@dataclass(frozen=True)
class Grid:
    """Place of the best setting of the first value, and of those beside it."""

    name: str
    first: Peak
    others: Peak


GENTLE, STRAIGHT, GENTLE_STRAIGHT = (0.001, 2), (0.01, 1), (0.003, 1)
GRIDS = (
    Grid("inside, inside", Peak(5), Peak(5)),
    Grid("inside, end", Peak(5), Peak(7)),
    Grid("inside, beyond", Peak(5), Peak(9)),
    Grid("beyond, inside", Peak(9), Peak(5)),
    Grid("beyond, beyond", Peak(9), Peak(9)),
    Grid("beyond either end", Peak(1), Peak(9)),
    Grid("inside, out of reach", Peak(5), Peak(13)),
    Grid("gentle: inside, beyond", Peak(5, *GENTLE), Peak(9, *GENTLE)),
    Grid("gentle: inside, out of reach", Peak(5, *GENTLE), Peak(13, *GENTLE)),
    Grid("straight: inside, beyond", Peak(5, *STRAIGHT), Peak(9, *STRAIGHT)),
    Grid("straight: inside, out of reach", Peak(5, *STRAIGHT), Peak(13, *STRAIGHT)),
    Grid("gentle straight: inside, beyond", Peak(5, *GENTLE_STRAIGHT), Peak(9, *GENTLE_STRAIGHT)),
    Grid("gentle straight: inside, out of reach", Peak(5, *GENTLE_STRAIGHT),
         Peak(13, *GENTLE_STRAIGHT)),
    Grid("flat", Peak(5, 0.0), Peak(5, 0.0)),
)  # fmt: skip


def row(
    grid: Grid, shift: float, seeds: int, values: int, rng: np.random.Generator
) -> dict[str, float]:
    """Claims on one value beside others that are better by `shift`, with steps and without."""
    common = rng.normal(0, COMMON, (2, seeds))
    drawn = []
    for position in range(values):
        merits = (grid.others if position else grid.first).merits[:, None]
        truth = 0.8 + shift * (position > 0) + merits + rng.normal(0, LUCK, (SETTINGS, seeds))
        validation = truth + common[0] + rng.normal(0, VALIDATION, truth.shape)
        drawn.append((validation, truth + common[1] + rng.normal(0, TEST, truth.shape)))
    reached = extended([validation for validation, _ in drawn])
    typed = slice(STEPS, STEPS + TYPED)
    with_steps, without = outcomes(drawn, reached), outcomes(drawn, typed)
    return {
        "claimed": claims(with_steps),
        "not comparable": Outcome.NOT_COMPARABLE in with_steps,
        "as typed": claims(without),
        "typed, not comparable": Outcome.NOT_COMPARABLE in without,
        "unguarded": claims(outcomes(drawn, typed, guarded=False)),
        "settings": reached.stop - reached.start,
    }


def claims(outcomes: Sequence[Outcome]) -> bool:
    """True if any value is called better or worse."""
    return Outcome.BETTER in outcomes or Outcome.WORSE in outcomes


def extended(validations: Sequence[np.ndarray]) -> slice:
    """Settings of the grid after its steps: all values gain what one has its best at the end of."""
    low, high = STEPS, STEPS + TYPED
    for _ in range(STEPS):
        ends = {
            end for v in validations for end in open_ends(v[low:high, :, None], DRAWS, STEP_LEVEL)
        }
        low, high = low - (-1 in ends), high + (1 in ends)
    return slice(low, high)


def outcomes(
    drawn: Sequence[tuple[np.ndarray, np.ndarray]], reached: slice, *, guarded: bool = True
) -> list[Outcome]:
    """Outcomes of each value beside the first; `guarded` as reports are, by ends of the grid."""
    curves = [validation[reached, :, None] for validation, _ in drawn]
    tuned = [choose(curve, test[reached], DRAWS)
             for curve, (_, test) in zip(curves, drawn, strict=True)]  # fmt: skip
    settled = [not (guarded and open_ends(curve, DRAWS)) for curve in curves]
    effects = [difference(value, tuned[0]) for value in tuned[1:]]
    both = [(own, settled[0]) for own in settled[1:]]
    return [decision.outcome for decision in decide(effects, [0.0] * len(effects), both)]
