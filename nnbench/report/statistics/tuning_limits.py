"""Checks that a best setting is known: not at an edge of its range, nor still improving."""

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.choosing import (
    TIED_IN_RESAMPLES,
    choosing_scores,
    first_best,
    resampled_scores,
    shares,
    smooth,
)
from nnbench.report.statistics.effects import LEVEL
from nnbench.report.statistics.estimates import FEWEST_PAIRS
from nnbench.report.statistics.resampling import DRAWS, interval, resamples, weighted_means

CHOSEN = 0.02
"""Share of resamples that choose an end of a range, beyond which the best may lie outside."""

STEP_LEVEL = 0.2
"""Level of the interval by which a grid goes on: it costs training, but claims nothing."""


def still_improving(curves: Array, margin: float) -> bool:
    """True if training was too short, by `curves` (seeds, epochs) of the chosen setting.

    It was if the smoothed validation score, mean over seeds, rose in the last fifth of the epochs
    by more than `margin`, the lower end of its 90% interval over seeds included.
    """
    seeds, epochs = curves.shape
    smoothed = smooth(curves)
    fifth = max(epochs // 5, 1)
    if seeds < FEWEST_PAIRS or smoothed.shape[1] <= fifth:
        return False
    rises = smoothed[:, -1] - smoothed[:, -1 - fifth]
    low, _ = interval(weighted_means(resamples(seeds), rises[None])[:, 0], LEVEL, seeds)
    # Rises that are all the same have no interval.
    return bool(rises.mean() > margin and (np.isnan(low) or low > margin))


def open_ends(curves: Array, draws: int = DRAWS, level: float = LEVEL) -> tuple[int, ...]:
    """Ends of a range beyond which the best setting may lie: −1 the lowest, 1 the highest.

    `curves` (settings, seeds, epochs) go along the range, all else equal. An end is open if over a
    fiftieth of the resamples choose it, and scores are better towards it beyond noise: the interval
    (90% by default) of its lead over the mean of the others, or of the slope over all settings, is
    above zero. The slope needs fewer seeds. So a network that is at chance at every setting has
    none. Compared with its neighbour alone, an end is rarely better beyond noise.

    Five typed settings often don't show a gentle slope that eight show, so a grid goes on by
    `STEP_LEVEL`. With it 7 to 10% of experiments have a false claim where scores rise by 0.3 pp a
    setting and the best is out of reach (46% by 90%; with 10 seeds 15%), and 55% find a true
    difference of 1 pp where it can be reached (34%). The price: five settings that are all equal
    become 8.9 (5.5), among which 73% find it (84%). A `CHOSEN` of 0.005 opens ends towards which
    scores fall slowly, where those at the other end are far worse (`tests.calibration extension`,
    300 to 400 experiments, 20 seeds).
    """
    settings, seeds = curves.shape[:2]
    if settings < 2:
        return ()
    scores = choosing_scores(curves)
    drawn = resampled_scores(curves, resamples(seeds, draws)).astype(float)
    chosen = shares(first_best(drawn, TIED_IN_RESAMPLES), settings)
    best = int(first_best(scores))
    ends = []
    for direction, place in ((-1, 0), (1, settings - 1)):
        is_chosen = chosen[place] > CHOSEN if seeds >= FEWEST_PAIRS else place == best
        if is_chosen and any(
            is_positive(float(weights @ scores), drawn @ weights, scores, seeds, level)
            for weights in (lead_of(place, settings), direction * slope_over(settings))
        ):
            ends.append(direction)
    return tuple(ends)


def lead_of(place: int, settings: int) -> Array:
    """Weights of scores that give the lead of one over the mean of the others."""
    weights = np.full(settings, -1 / (settings - 1))
    weights[place] = 1
    return weights


def slope_over(settings: int) -> Array:
    """Weights of scores that give their slope, per setting."""
    places = np.arange(settings) - (settings - 1) / 2
    return np.asarray(places / (places @ places))


def is_positive(effect: float, drawn: Array, scores: Array, seeds: int, level: float) -> bool:
    """True if an effect on scores is above zero beyond noise, by its resamples."""
    low, _ = interval(drawn, level, seeds)
    if seeds < FEWEST_PAIRS or np.isnan(low):
        # Of too few seeds, or scores that are all the same, there is no interval.
        return bool(effect > 1e-9 * np.abs(scores).max())
    return bool(low > 0)
