"""Checks that a best setting is known: not at an edge of its range, nor still improving."""

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.choosing import choosing_scores, first_best, resampled_scores, smooth
from nnbench.report.statistics.effects import LEVEL
from nnbench.report.statistics.estimates import FEWEST_PAIRS
from nnbench.report.statistics.resampling import interval, resamples, weighted_means


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


def better_beyond_noise(end: Array, inner: Array) -> bool:
    """True if an end of a range is an edge, by the curves (seeds, epochs) at it and beside it.

    It is if its score is better than its inner neighbour's: the 90% interval of the difference of
    scores, over resamples of the seeds, is above zero.
    """
    curves = np.stack([end, inner])
    seeds = curves.shape[1]
    scores = choosing_scores(curves)
    if seeds < FEWEST_PAIRS:
        return bool(first_best(scores[::-1]) == 1)
    drawn = resampled_scores(curves, resamples(seeds)).astype(float)
    low, _ = interval(drawn[:, 0] - drawn[:, 1], LEVEL, seeds)
    ahead = scores[0] - scores[1]
    return bool(low > 0 or (np.isnan(low) and ahead > 1e-9 * np.abs(scores).max()))


def edge(curves: Array) -> int:
    """The end of a range at which the best setting lies: −1 the lowest, 1 the highest, 0 neither.

    `curves` (settings, seeds, epochs) go along the range, all else equal; at least two settings.
    """
    best = int(first_best(choosing_scores(curves)))
    if best == 0 and better_beyond_noise(curves[0], curves[1]):
        return -1
    if best == len(curves) - 1 and better_beyond_noise(curves[-1], curves[-2]):
        return 1
    return 0
