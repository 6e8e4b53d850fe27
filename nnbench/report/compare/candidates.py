"""The settings that a compared value has to choose from: how each validates, and comes out.

For every data set and compared value, whatever else varied (such as the learning rate) is chosen by
validation curves alone (Google's tuning playbook; Choi et al. 2019): see `statistics.choosing`.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.compare.read_curves import ValidationCurves
from nnbench.report.compare.runs_table import plain
from nnbench.report.compare.validation_curves import aligned
from nnbench.report.metric import Metric
from nnbench.report.statistics import TunedScores, choose, choosing_scores, first_best

MOST = 1e30
"""Scores that are further from zero all count as that."""


# Compared by identity: arrays can't be compared as a whole.
@dataclass(frozen=True, eq=False)
class Candidates:
    """All settings of a value, in natural order, each with the same seeds.

    A run that diverged or failed counts at chance level, on validation and test set alike.
    """

    names: tuple[Mapping[str, Hashable], ...]
    """Nuisance → its value, a mapping for each setting."""
    rows: tuple[pd.Index, ...]
    """The runs of each setting, by seed."""
    seeds: tuple[int, ...]
    curves: Array
    """(settings, seeds, epochs) of the metric on the validation set, higher for better."""
    outcomes: Array
    """(settings, seeds) of the metric on the test set, higher for better."""
    lost: Array
    """(settings,): how many runs diverged or failed."""
    tuned_on: dict[tuple[int, ...], TunedScores] = field(default_factory=dict, repr=False)
    """Seeds → what they choose, of those that were asked for."""

    @cached_property
    def scores(self) -> Array:
        """(settings,): validation scores that decide, higher for better."""
        return choosing_scores(self.curves)

    @property
    def best(self) -> int:
        """The setting that all seeds together choose; of equal ones the first."""
        return int(first_best(self.scores))

    def tuned(self, seeds: Sequence[int]) -> TunedScores:
        """Scores of the value when these of its seeds choose its setting."""
        key = tuple(seeds)
        if key not in self.tuned_on:
            own = np.searchsorted(self.seeds, key)
            self.tuned_on[key] = choose(self.curves[:, own], self.outcomes[:, own])
        return self.tuned_on[key]


def candidates_of(
    runs: pd.DataFrame,
    settings: Sequence[Array],
    nuisances: Sequence[str],
    metric: Metric,
    curves: ValidationCurves,
) -> Candidates:
    """Candidates, of whose runs `settings` has the positions in `runs`: one a seed, by seed."""
    rows = np.stack(settings)
    chance = curves.chance[str(runs["dataset"].iloc[0])]
    outcomes = metric.signed(runs, "test").to_numpy()[rows]
    lost = np.isnan(outcomes)
    # Runs that are planned have no id yet.
    ids = runs.get("run_id", runs["key"]).to_numpy()[rows]
    courses = [
        [
            None if is_lost else curves.of_run.get(run_id)
            for run_id, is_lost in zip(*row, strict=True)
        ]
        for row in zip(ids, lost, strict=True)
    ]
    return Candidates(
        names=tuple({key: plain(runs[key].iloc[own[0]]) for key in nuisances} for own in rows),
        rows=tuple(runs.index[own] for own in rows),
        seeds=tuple(runs["seed"].to_numpy()[rows[0]].tolist()),
        # Resamples are in single precision.
        curves=np.clip(aligned(courses, chance), -MOST, MOST),
        outcomes=np.where(lost, chance, outcomes),
        lost=lost.sum(axis=1),
    )


def common_seeds(candidates: Sequence[Candidates]) -> tuple[int, ...]:
    """The seeds that all of them have."""
    return tuple(sorted(set.intersection(*(set(candidate.seeds) for candidate in candidates))))
