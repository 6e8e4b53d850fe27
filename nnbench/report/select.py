"""Which settings stand for a compared value: chosen on the validation part, half by half.

For every data set and compared value, whatever else varied (such as the learning rate) is settled
by validation figures alone (Google's tuning playbook; Choi et al. 2019). One half of the seeds
chooses for the other (Bouthillier et al. 2021), so that no run is both chosen and reported for
being lucky, and every seed is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnbench.report.metric import Metric
from nnbench.report.order import ranked


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


def cells(runs: pd.DataFrame, nuisances: Sequence[str]) -> list[pd.Index]:
    """The rows of every setting, in the settings' natural order."""
    if not nuisances:
        return [runs.index]
    found = {
        name: rows.index for name, rows in runs.groupby(list(nuisances), dropna=False, sort=False)
    }
    return [found[name] for name in sorted(found, key=ranked)]


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
    seeds = np.sort(runs["seed"].unique())
    halves = [seeds[0::2], seeds[1::2]] if len(seeds) > 1 else [seeds, seeds]
    if len(tried) == 1:
        halves = [seeds[:0], seeds]
    rows = [
        at(runs, best_setting(runs, tried, choosing, metric), others)
        for choosing, others in (halves, halves[::-1])
    ]
    chosen = runs.loc[rows[0].union(rows[1])].drop_duplicates("seed", keep="last")
    everything = runs.index[runs.index.isin(np.concatenate(tried))]
    return Choice(chosen.sort_values("seed").index, len(offered), len(tried), everything)


def at(runs: pd.DataFrame, setting: pd.Index, seeds: np.ndarray) -> pd.Index:
    """The rows of a setting that have one of the seeds."""
    found: pd.Index = setting[runs.loc[setting, "seed"].isin(seeds)]
    return found


def best_setting(
    runs: pd.DataFrame, tried: Sequence[pd.Index], seeds: np.ndarray, metric: Metric
) -> pd.Index:
    """The rows of the setting with the best mean validation figure over some seeds.

    A setting with fewer seeds than another had it easier or harder and is left out. The larger the
    share of lost runs, the worse, whatever the others reached.
    """
    counts = [runs.loc[rows, "seed"].nunique() for rows in tried]
    whole = [rows for rows, count in zip(tried, counts, strict=True) if count == max(counts)]

    def rank(rows: pd.Index) -> tuple[float, float]:
        chosen_by = runs.loc[at(runs, rows, seeds)]
        column = chosen_by.get(f"best_validation_{metric.name}")
        if column is None or column.empty:
            return 1.0, float("inf")
        figures = pd.to_numeric(column).where(chosen_by["status"] == "finished")
        mean = figures.mean()
        return float(figures.isna().mean()), -metric.sign * mean if pd.notna(mean) else float("inf")

    return min(whole, key=rank)
