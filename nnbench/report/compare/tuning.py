"""Which settings stand for a compared value: chosen on the validation set, half by half.

For every data set and compared value, whatever else varied (such as the learning rate) is settled
by validation figures alone (Google's tuning playbook; Choi et al. 2019). One half of the seeds
chooses for the other (Bouthillier et al. 2021), so that no run is both chosen and reported for
being lucky, and every seed is used.

All seeds of a half share one choice, and the noise of that choice is in none of the differences
between them: if two of four learning rates are nearly as good as each other, a value may get the
worse by chance for all its seeds. Tests on the chosen runs alone then find differences between
equal values in up to 30% of experiments (`python -m tests.calibration equal`). So the settings
that the validation set can't tell from the best, the rivals, are kept as well, and a difference
is claimed only where it holds against every rival of the lesser value (`analysis.contrast`). Were
every seed to choose for one other, the choices would be independent, but so poor that a value whose
figures fall off steeply around its best setting would lose to an equal one that has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from nnbench.engine.arrays import Array
from nnbench.report.metric import Metric
from nnbench.report.statistics import CONFIDENCE


@dataclass(frozen=True)
class Choice:
    """What was chosen of the runs of one group."""

    rows: pd.Index
    """One run a seed."""
    rivals: tuple[pd.Index, ...]
    """The runs of each setting that the validation set can't tell from the best."""


def choose(runs: pd.DataFrame, settings: Sequence[Array], metric: Metric) -> Choice:
    """Choose a setting for each half of the seeds by the validation figures of the other.

    `runs` has no test scores; of each setting there are the positions of its rows, one
    a seed. A single seed chooses for itself.
    """
    seeds, figures = runs["seed"].to_numpy(), validation(runs, metric)
    # Others there may be only at settings that were left out.
    known = np.unique(seeds[np.concatenate(settings)])
    seen = np.full((len(settings), len(known)), np.nan)
    for row, rows in zip(seen, settings, strict=True):
        row[np.searchsorted(known, seeds[rows])] = figures[rows]
    halves = np.arange(len(known)) % 2 == 0, np.arange(len(known)) % 2 == 1
    reported = []
    for choosing, others in (halves, halves[::-1]):
        best = settings[best_setting(seen[:, choosing if choosing.any() else others])]
        reported.append(best[np.isin(seeds[best], known[others])])
    rows = np.concatenate(reported)
    return Choice(
        rows=runs.index[rows[np.argsort(seeds[rows])]],
        rivals=tuple(runs.index[settings[position]] for position in indistinct(seen)),
    )


def validation(runs: pd.DataFrame, metric: Metric) -> Array:
    """Validation figures of runs, higher is better; −∞ for lost ones."""
    return metric.signed(runs, "best_validation").fillna(-np.inf).to_numpy(float)


def merit(figures: Array) -> Array:
    """What settings are chosen by, as (settings, 2): share of runs that finished, then their mean.

    The larger the share of diverged and failed runs, the worse, whatever the others reached.
    """
    finished = np.isfinite(figures)
    count, there = finished.sum(axis=1), (~np.isnan(figures)).sum(axis=1)
    with np.errstate(over="ignore"):
        mean = np.where(finished, figures, 0).sum(axis=1) / np.maximum(count, 1)
    return np.column_stack([count / np.maximum(there, 1), np.where(count, mean, -np.inf)])


def best_setting(figures: Array) -> int:
    """The setting with the best validation figures (settings, seeds); of equal ones the first."""
    merits = merit(figures)
    return max(range(len(merits)), key=lambda position: tuple(merits[position]))


def indistinct(figures: Array) -> list[int]:
    """The settings that validation figures (settings, seeds) can't tell from the best of them.

    The best of all seeds, and those with no more failed runs that it isn't better than by a paired
    t-test at 95%: with little to tell by, many.
    """
    best = best_setting(figures)
    shares = merit(figures)[:, 0]
    found = []
    for position, (own, share) in enumerate(zip(figures, shares, strict=True)):
        both = np.isfinite(own) & np.isfinite(figures[best])
        ahead = figures[best, both] - own[both]
        if share == shares[best] and (len(ahead) < 2 or not is_positive(ahead)):
            found.append(position)
    return found


def is_positive(differences: Array) -> bool:
    """Whether the mean is above zero by Student's t-test (1908), one-sided."""
    # Of numbers too large for a square nothing is positive.
    with np.errstate(over="ignore", invalid="ignore"):
        mean, spread = differences.mean(), differences.std(ddof=1)
    bound = stats.t.ppf(CONFIDENCE, len(differences) - 1) * spread / np.sqrt(len(differences))
    return bool(mean > bound)
