"""Groups of runs to be compared, one for every data set and compared value."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.compare.candidates import Candidates, common_seeds
from nnbench.report.compare.measure import Measure
from nnbench.report.metric import Metric
from nnbench.report.statistics import TunedScores, interquartile_mean, median_time, median_with_lost

PREFIXES = {"training": "best_train", "validation": "best_validation", "test": "test"}
"""Set of the data → the prefix of its metrics."""


# Compared by identity: tables have no single truth value.
@dataclass(frozen=True, eq=False)
class Group:
    """The runs of one data set and one compared value, at the chosen settings."""

    dataset: str
    value: Hashable
    """Value of the compared key; a tuple where two keys are compared."""
    reference: Hashable
    """The value that it is compared with; its own, if it is that one."""
    runs: pd.DataFrame
    """One run a seed."""
    tried: pd.DataFrame
    """The runs at all settings there were to choose from, without test scores."""
    candidates: Candidates
    """The settings there were to choose from, and how they came out."""
    measure: Measure
    """The measure that verdicts compare."""
    chosen: dict[str, tuple[Hashable, ...]]
    """The nuisances' chosen values, where runs at the chosen setting differ in them."""
    offered: int
    """Number of settings before all groups were given the same number."""
    incomplete: int
    """Number of further settings that lack some of these seeds, and were left out."""
    unshared: int
    """Number of seeds that only some of these have, with which their runs were left out."""
    common: tuple[int, ...]
    """The seeds that all settings have, those that were left out among them."""
    along: dict[str, tuple[Hashable, ...]]
    """Values at the chosen settings of what varied along with the nuisances."""

    @property
    def metric(self) -> Metric:
        """The metric that chooses settings."""
        return self.measure.metric

    @property
    def settings(self) -> int:
        """Number of settings there were to choose from."""
        return len(self.candidates.names)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that each of these settings has."""
        return self.candidates.seeds

    @property
    def curves(self) -> Array:
        """Validation curves, higher for better: (settings, seeds, epochs)."""
        return self.candidates.curves

    @property
    def outcomes(self) -> Array:
        """Outcomes, higher for better: (settings, seeds)."""
        return self.candidates.outcomes

    @property
    def tuned(self) -> TunedScores:
        """Scores of the value when its own seeds choose; cached."""
        return self.candidates.tuned(self.seeds)

    @property
    def weights(self) -> list[tuple[Mapping[str, Hashable], float]]:
        """The settings that resamples of the seeds choose, and the share that does."""
        pairs = zip(self.candidates.names, self.tuned.weights.tolist(), strict=True)
        return [(name, weight) for name, weight in pairs if weight > 0]

    @cached_property
    def lost(self) -> int:
        """Number of runs that diverged or failed, or have no score."""
        return int(self.scores("test").isna().sum())

    @cached_property
    def sizes(self) -> set[int]:
        """Numbers of parameters of the runs; empty if all failed."""
        return set(pd.to_numeric(self.runs.get("n_params", pd.Series())).dropna().astype(int))

    def scores(self, split: str) -> pd.Series:
        """The metric on a set (best_train, best_validation, test) by seed; NaN if a run failed."""
        return self.metric.scores(self.runs, split).set_axis(self.runs["seed"].to_numpy())

    def signed(self, split: str) -> pd.Series:
        """The same in the direction in which higher is better."""
        return self.metric.sign * self.scores(split)

    def median(self, split: str) -> float:
        """The median on a set, runs that failed counted as the worst: infinite if most did."""
        return self.metric.sign * median_with_lost(self.signed(split))

    def interquartile_mean(self, split: str) -> float:
        """The mean of the middle half, runs that failed the worst: infinite if they reach it."""
        return self.metric.sign * interquartile_mean(self.signed(split))

    @cached_property
    def values(self) -> pd.Series:
        """Outcome of each run by seed; NaN if it diverged or failed, infinite if out of reach."""
        return self.measure.values(self.runs).set_axis(self.runs["seed"].to_numpy())

    @property
    def reached(self) -> int:
        """Number of seeds that reached the target that a time is counted to."""
        return int(np.isfinite(self.tuned.per_seed).sum())

    @property
    def typical(self) -> float:
        """The outcome that stands for the value: the median of times, else the mean.

        The median as well of gaps where runs diverged or failed, which are infinite.
        """
        is_infinite = self.measure.is_gap and np.isinf(self.tuned.per_seed).any()
        if self.measure.is_time or is_infinite:
            return median_time(-self.tuned.per_seed)
        return self.measure.sign * self.tuned.mean

    @property
    def merit(self) -> float:
        """Validation score of the chosen setting; −∞ if runs diverged or failed."""
        return -math.inf if self.lost else float(self.candidates.validation[self.tuned.setting])

    @property
    def gap(self) -> pd.Series:
        """Training score minus test score, in the direction of better, by seed."""
        return self.signed("best_train") - self.signed("test")

    def by_value(self, key: str) -> pd.DataFrame:
        """Validation scores by value of a nuisance, each at the best setting of the others.

        They are the scores by which settings are chosen. A row for each value of the key, with mean
        (NaN where a run diverged or failed), lost, stalled and runs. Settings of which fewer runs
        diverged or failed are better, whatever the others reached.
        """
        candidates, stalled = self.candidates, self.tried["trouble"] == "stalled"
        settings = pd.DataFrame({
            key: pd.Series([name[key] for name in candidates.names], dtype=object),
            "merit": np.where(candidates.lost == 0, candidates.validation, np.nan),
            "lost": candidates.lost,
            "stalled": [int(stalled.loc[rows].sum()) for rows in candidates.rows],
            "runs": [len(rows) for rows in candidates.rows],
        })  # fmt: skip
        settings["mean"] = self.metric.sign * settings["merit"]
        best = settings.sort_values(["lost", "merit"], ascending=[True, False], kind="stable")
        return best.drop_duplicates(key).set_index(key)[["mean", "lost", "stalled", "runs"]]


def tuned_together(groups: Sequence[Group]) -> list[TunedScores]:
    """Scores of each over the seeds that all have; over none of them if there are none."""
    seeds = common_seeds([group.candidates for group in groups])
    return [group.candidates.tuned(seeds) for group in groups]
