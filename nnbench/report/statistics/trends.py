"""Trends over values that are numbers: a slope per doubling, and the shape of the course."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.choosing import TunedScores
from nnbench.report.statistics.decisions import ALPHA
from nnbench.report.statistics.effects import Effect, combination, difference

FEWEST_VALUES = 3


class Course(StrEnum):
    """The shape of scores along the values, beyond noise."""

    STRAIGHT = "straight"
    """Nothing says that it bends."""
    BEST_IN_THE_MIDDLE = "best in the middle"
    WORST_IN_THE_MIDDLE = "worst in the middle"
    LATE = "flat first"
    """Flat, and then rising or falling."""
    EARLY = "flat last"
    """Rising or falling, and then flat."""


def trend(values: Sequence[float], scores: Sequence[TunedScores]) -> Effect | None:
    """Slope of scores per doubling of the values, for each seed, in each resample.

    `values` (k,) in any order; those that aren't above zero are left out, and None is returned for
    fewer than three different ones.
    """
    usable_scores, positions = usable(values, scores)
    if len(set(positions)) < FEWEST_VALUES:
        return None
    return combination(usable_scores, slope(positions))


def usable(
    values: Sequence[float], scores: Sequence[TunedScores]
) -> tuple[list[TunedScores], list[float]]:
    """Scores in order of their values, and the values' binary logarithms; those above zero."""
    pairs = sorted(zip(values, scores, strict=True), key=lambda pair: pair[0])
    pairs = [(value, score) for value, score in pairs if 0 < value < np.inf]
    return [score for _, score in pairs], [float(np.log2(value)) for value, _ in pairs]


def slope(positions: Sequence[float]) -> Array:
    """Coefficients (k,) of the least-squares slope over `positions`."""
    centred = np.asarray(positions) - np.mean(positions)
    return np.asarray(centred / (centred @ centred))


def bend(positions: Sequence[float]) -> Array:
    """Coefficients (k,) of the least-squares curvature over `positions`."""
    return np.asarray(np.linalg.pinv(np.vander(np.asarray(positions) - np.mean(positions), 3))[0])


def course(values: Sequence[float], scores: Sequence[TunedScores]) -> Course:
    """Shape of the course of the scores over values (k ≥ 3 above zero), where it bends.

    It bends if the curvature passes the same test as a difference. Best in the middle: the best
    value between the ends is better than either end, by test and interval.
    """
    usable_scores, positions = usable(values, scores)
    if len(set(positions)) < FEWEST_VALUES:
        return Course.STRAIGHT
    curvature = combination(usable_scores, bend(positions))
    if not (curvature.p <= ALPHA and curvature.excludes_zero):
        return Course.STRAIGHT
    means = [score.mean for score in usable_scores[1:-1]]
    inner = 1 + int(np.argmax(means) if curvature.mean < 0 else np.argmin(means))
    steps = [difference(usable_scores[inner], usable_scores[end]) for end in (0, -1)]
    # The value was picked for its mean, among all between the ends.
    alpha = ALPHA / len(means)
    if all(step.p <= alpha and step.excludes_zero and step.mean * curvature.mean < 0
           for step in steps):  # fmt: skip
        return Course.BEST_IN_THE_MIDDLE if curvature.mean < 0 else Course.WORST_IN_THE_MIDDLE
    falls = combination(usable_scores, slope(positions)).mean < 0
    # What falls does so late if the curve bends down, what rises if it bends up.
    return Course.LATE if falls == (curvature.mean < 0) else Course.EARLY
