"""Settings chosen by validation, once from all seeds and again in each resample of them.

The score of a setting is the best of the running mean over a tenth of the epochs, of the
validation curve averaged over seeds. The best epoch of each run is a maximum over noise and
favours settings that vary: it loses three times as much against the best setting
(`python -m tests.calibration selection`).
"""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.statistics.distributions import mean_ranks
from nnbench.report.statistics.resampling import CHUNK, DRAWS, libraries, resamples, weighted_means

TIED, TIED_IN_RESAMPLES = 1e-9, 1e-6
"""Scores that differ by less than these shares are equal; resamples are in single precision."""

LARGEST_IN_SINGLE = 1e30
"""Size beyond which scores are divided, so that sums over seeds stay finite in single precision."""


@dataclass(frozen=True, eq=False)
class TunedScores:
    """Scores of a value of the compared key, with its settings chosen; higher is better."""

    setting: int
    """The one that all seeds together choose."""
    scores: Array
    """(settings,): validation scores that decide the choice."""
    weights: Array
    """(settings,): share of resamples that choose each."""
    per_seed: Array
    """(seeds,): outcome of each seed, averaged over settings with these weights."""
    rechosen: Array
    """(draws,): mean outcome of each resample, at the setting that it chooses itself."""

    @property
    def mean(self) -> float:
        """The score that is shown for the value."""
        return float(self.per_seed.mean())


def smooth(curves: Array) -> Array:
    """Running means over a tenth of the epochs: (…, epochs) → (…, epochs − tenth + 1)."""
    length = max(curves.shape[-1] // 10, 1)
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(curves, float), length, axis=-1)
    return np.asarray(windows.mean(axis=-1))


def fill_stopped(curves: Array, tenth: int | None = None) -> Array:
    """Curves (…, epochs) whose NaN after early stopping are the run's last smoothed value.

    That is the mean over the last `tenth` epochs that it trained, by default a tenth of all. A
    curve without any number stays as it is.
    """
    filled = np.array(curves, float)
    length = max(filled.shape[-1] // 10, 1) if tenth is None else tenth
    for curve in filled.reshape(-1, filled.shape[-1]):
        trained = np.flatnonzero(np.isfinite(curve))
        if trained.size and trained[-1] + 1 < len(curve):
            curve[trained[-1] + 1 :] = curve[trained[-length:]].mean()
    return filled


def choosing_scores(curves: Array) -> Array:
    """Score of each setting, (settings,), of validation curves (settings, seeds, epochs)."""
    return np.asarray(smooth(curves).mean(axis=1).max(axis=-1))


def resampled_scores(curves: Array, counts: Array) -> Array:
    """The same in each resample: (draws, settings), in single precision."""
    smoothed = smooth(curves)
    # An R² of −1e99 is more than single precision can hold.
    size = max(float(np.abs(smoothed).max(initial=0.0)) / LARGEST_IN_SINGLE, 1.0)
    smoothed = (smoothed / size).astype(np.float32)
    scores = np.empty((len(counts), len(curves)), np.float32)
    # Products so small are 40 times slower where threads wait for each other.
    with libraries().limit(limits=1):
        for start in range(0, len(counts), CHUNK):
            rows = slice(start, start + CHUNK)
            for setting, course in enumerate(smoothed):
                scores[rows, setting] = (counts[rows] @ course).max(axis=1)
    # Resamples of half of the seeds are of different sizes.
    means = scores / counts.sum(axis=1, keepdims=True)
    return np.asarray(means if size == 1 else means.astype(float) * size)


def first_best(scores: Array, tied: float = TIED) -> Array:
    """Position of the highest of `scores` (…, settings); of those that are tied the first."""
    best = scores.max(axis=-1, keepdims=True)
    return np.asarray((scores >= best - tied * np.abs(best)).argmax(axis=-1))


def choose(curves: Array, outcomes: Array, draws: int = DRAWS) -> TunedScores:
    """Choose among settings by `curves`, and judge what is chosen by `outcomes`.

    `curves` (settings, seeds, epochs ≥ 1) are validation curves without epoch 0, `outcomes`
    (settings, seeds) what is reported of each run; higher is better in both. Curves are finite:
    a diverged or failed run counts at chance level. Settings are in their natural order, the
    smaller learning rate first, since the first of equal ones is chosen.
    """
    counts = resamples(outcomes.shape[1], draws)
    scores = choosing_scores(curves)
    chosen = first_best(resampled_scores(curves, counts), TIED_IN_RESAMPLES)
    weights = shares(chosen, len(scores))
    # What no resample chooses counts nothing, and infinity times nothing is no number.
    outcomes = np.where(weights[:, None] > 0, outcomes, 0.0)
    if not np.isfinite(outcomes).all():
        # Infinite outcomes have ranks, but no means: time to a target that wasn't reached.
        per_seed = outcomes[weights.argmax()]
        return TunedScores(
            int(first_best(scores)), scores, weights, per_seed, np.full(len(counts), np.nan)
        )
    rechosen = weighted_means(counts, outcomes)[np.arange(len(counts)), chosen]
    return TunedScores(int(first_best(scores)), scores, weights, weights @ outcomes, rechosen)


def ranks_within_seeds(outcomes: Array) -> Array:
    """Ranks of settings among each other, (settings, seeds), 1 for the worst; ties share the mean.

    Infinite `outcomes` (settings, seeds) have ranks like any others, and no seed reads another's.
    """
    return np.asarray(mean_ranks(outcomes))


def choose_by_halves(curves: Array, outcomes: Array, draws: int = DRAWS) -> TunedScores:
    """The same where `outcomes` are themselves what settings are chosen by: cross-fitted.

    Each half of the seeds, by turns in their order, chooses for the other, so that no run is
    reported for having been chosen. Shapes as in `choose`; at least two seeds. Infinite outcomes
    are those at the setting that most resamples choose, as in `choose`.
    """
    seeds = outcomes.shape[1]
    counts = resamples(seeds, draws)
    even = np.arange(seeds) % 2 == 0
    is_infinite = False
    per_seed, total, weights = np.empty(seeds), np.zeros(len(counts)), np.zeros(len(outcomes))
    for choosing, judged in ((even, ~even), (~even, even)):
        # All of a half choose where a resample drew none of it.
        drawn = counts[:, choosing] + (counts[:, choosing].sum(axis=1, keepdims=True) == 0)
        chosen = first_best(resampled_scores(curves[:, choosing], drawn), TIED_IN_RESAMPLES)
        own = shares(chosen, len(outcomes))
        weights += own * judged.mean()
        used = np.where(judged & (own[:, None] > 0), outcomes, 0.0)
        if not np.isfinite(used).all():
            is_infinite = True
            per_seed[judged] = outcomes[own.argmax(), judged]
            continue
        per_seed[judged] = own @ used[:, judged]
        reached = weighted_means(counts, used)
        total += reached[np.arange(len(counts)), chosen]
    scores = choosing_scores(curves)
    rechosen = np.full(len(counts), np.nan) if is_infinite else total
    return TunedScores(int(first_best(scores)), scores, weights, per_seed, rechosen)


def shares(chosen: Array, settings: int) -> Array:
    """Share of resamples that choose each setting, (settings,), of `chosen` (draws,)."""
    return np.asarray(np.bincount(chosen, minlength=settings) / len(chosen))
