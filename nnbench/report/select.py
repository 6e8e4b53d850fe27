"""Which settings stand for a compared value: chosen on the validation part, half by half.

For every data set and compared value, whatever else varied (such as the learning rate) is settled
by validation figures alone (Google's tuning playbook; Choi et al. 2019). One half of the seeds
chooses for the other (Bouthillier et al. 2021), so that no run is both chosen and reported for
being lucky, and every seed is used.

All seeds of a half share one choice, and the noise of that choice is in none of the differences
between them: if two of four learning rates are nearly as good as each other, a value may get the
worse by chance for all its seeds. Tests on the chosen runs alone then find differences between
equal values in up to 30% of experiments (`python -m tests.calibration equal`). So the settings
that the validation part can't tell from the best, the rivals, are kept as well, and a difference
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
from nnbench.report.order import ranked
from nnbench.report.statistics import CONFIDENCE


@dataclass(frozen=True)
class Choice:
    """What was chosen of the runs of one group."""

    rows: pd.Index
    """One run a seed."""
    offered: int
    """Settings that were tried."""
    settings: int
    """Settings there were to choose from, after all groups were given the same number."""
    tried: pd.Index
    """The runs at those."""
    rivals: tuple[pd.Index, ...]
    """The runs of each setting that the validation part can't tell from the best."""


def cells(runs: pd.DataFrame, nuisances: Sequence[str]) -> list[Array]:
    """Positions of the rows of every setting by seed, one a seed; settings in natural order.

    Of two runs that differ in nothing that is compared, such as the engine, the last counts.
    """
    seeds = runs["seed"].to_numpy()
    if not nuisances:
        return [last_by_seed(seeds, np.arange(len(runs)))]
    numbers = runs.groupby(list(nuisances), dropna=False, sort=False).ngroup().to_numpy()
    found = [np.flatnonzero(numbers == number) for number in range(numbers.max() + 1)]
    settings = runs[list(nuisances)]

    def order(rows: Array) -> tuple[object, ...]:
        return ranked(tuple(settings.iloc[rows[0]]))

    return [last_by_seed(seeds, rows) for rows in sorted(found, key=order)]


def last_by_seed(seeds: Array, rows: Array) -> Array:
    """Of some rows the last of every seed, by seed."""
    backwards = rows[::-1]
    return np.asarray(backwards[np.unique(seeds[backwards], return_index=True)[1]])


def choose(
    runs: pd.DataFrame, nuisances: Sequence[str], metric: Metric, budget: int | None = None
) -> Choice:
    """Choose a setting for each half of the seeds by the validation figures of the other.

    `runs` has no figures of the test part. Of more than `budget` settings as many are drawn, the
    same ones whenever the same are there. A single seed chooses for itself.
    """
    offered = cells(runs, nuisances)
    tried = offered
    if budget is not None and budget < len(offered):
        drawn = np.random.default_rng(0).choice(len(offered), budget, replace=False)
        tried = [offered[position] for position in sorted(drawn)]
    # A setting with fewer seeds than another had it easier or harder and is left out.
    most = max(map(len, tried))
    whole = [rows for rows in tried if len(rows) == most]
    seeds = runs["seed"].to_numpy()
    known, figures = np.unique(seeds), validation(runs, metric)
    seen = np.full((len(whole), len(known)), np.nan)
    for row, rows in zip(seen, whole, strict=True):
        row[np.searchsorted(known, seeds[rows])] = figures[rows]
    halves = np.arange(len(known)) % 2 == 0, np.arange(len(known)) % 2 == 1
    reported = []
    for choosing, others in (halves, halves[::-1]):
        best = whole[best_setting(seen[:, choosing if choosing.any() else others])]
        reported.append(best[np.isin(seeds[best], known[others])])
    rows = np.concatenate(reported)
    return Choice(
        rows=runs.index[rows[np.argsort(seeds[rows])]],
        offered=len(offered),
        settings=len(tried),
        tried=runs.index[np.sort(np.concatenate(tried))],
        rivals=tuple(runs.index[whole[position]] for position in indistinct(seen)),
    )


def validation(runs: pd.DataFrame, metric: Metric) -> Array:
    """Validation figures of runs, higher is better; −∞ for lost ones."""
    return metric.signed(runs, "best_validation").fillna(-np.inf).to_numpy(float)


def merit(figures: Array) -> Array:
    """What settings are chosen by, as (settings, 2): share of runs that finished, then their mean.

    The larger the share of lost runs, the worse, whatever the others reached.
    """
    finished = np.isfinite(figures)
    count, there = finished.sum(axis=1), (~np.isnan(figures)).sum(axis=1)
    mean = np.where(finished, figures, 0).sum(axis=1) / np.maximum(count, 1)
    return np.column_stack([count / np.maximum(there, 1), np.where(count, mean, -np.inf)])


def best_setting(figures: Array) -> int:
    """The setting with the best validation figures (settings, seeds); of equal ones the first."""
    merits = merit(figures)
    return max(range(len(merits)), key=lambda position: tuple(merits[position]))


def indistinct(figures: Array) -> list[int]:
    """The settings that validation figures (settings, seeds) can't tell from the best of them.

    The best of all seeds, and those with no more lost runs that it isn't better than by a paired
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
    mean, spread = differences.mean(), differences.std(ddof=1)
    bound = stats.t.ppf(CONFIDENCE, len(differences) - 1) * spread / np.sqrt(len(differences))
    return bool(mean > bound)
