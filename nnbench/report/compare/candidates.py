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
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.read_curves import ValidationCurves
from nnbench.report.compare.runs_table import plain
from nnbench.report.compare.validation_curves import aligned, last_tenth
from nnbench.report.statistics import (
    TunedScores,
    choose,
    choose_by_halves,
    choosing_scores,
    first_best,
    ranks_within_seeds,
)

MOST = 1e30
"""Scores that are further from zero all count as that."""


# Compared by identity: arrays have no single truth value.
@dataclass(frozen=True, eq=False)
class Candidates:
    """All settings of a value, in natural order, each with the same seeds.

    A run that diverged or failed counts at chance level, on validation and test set alike; in a
    measure in which that would be good, as the worst.
    """

    names: tuple[Mapping[str, Hashable], ...]
    """Nuisance → its value, a mapping for each setting."""
    rows: tuple[pd.Index, ...]
    """The runs of each setting, by seed."""
    seeds: tuple[int, ...]
    curves: Array
    """(settings, seeds, epochs) of the metric on the validation set, higher for better."""
    choosing: Array
    """(settings, seeds, epochs): what settings are chosen by, higher for better."""
    outcomes: Array
    """(settings, seeds) of the outcome measure, higher for better."""
    lost: Array
    """(settings,): how many runs diverged or failed."""
    is_own_choice: bool = False
    """True if settings are chosen by the outcomes themselves, each half of the seeds for the other.
    """
    tuned_on: dict[tuple[int, ...], TunedScores] = field(default_factory=dict, repr=False)
    """Seeds → what they choose, of those that were asked for."""

    @cached_property
    def scores(self) -> Array:
        """(settings,): validation scores that decide, higher for better."""
        return choosing_scores(self.choosing)

    @property
    def judged(self) -> Array:
        """(settings, seeds, epochs): what chooses on the scale of the metric, be it not ranks."""
        return self.curves if self.is_own_choice else self.choosing

    @cached_property
    def validation(self) -> Array:
        """(settings,): validation scores on the scale of the metric, whatever chooses."""
        return choosing_scores(self.judged)

    @property
    def best(self) -> int:
        """The setting that all seeds together choose; of equal ones the first."""
        return int(first_best(self.scores))

    def tuned(self, seeds: Sequence[int]) -> TunedScores:
        """Scores of the value when these of its seeds choose its setting."""
        key = tuple(seeds)
        if key not in self.tuned_on:
            own = np.searchsorted(self.seeds, key)
            by_halves = self.is_own_choice and len(self.names) > 1 and len(key) > 1
            choosing = choose_by_halves if by_halves else choose
            self.tuned_on[key] = choosing(self.choosing[:, own], self.outcomes[:, own])
        return self.tuned_on[key]


def candidates_of(
    runs: pd.DataFrame,
    settings: Sequence[Array],
    nuisances: Sequence[str],
    measure: Measure,
    curves: ValidationCurves,
) -> Candidates:
    """Candidates, of whose runs `settings` has the positions in `runs`: one a seed, by seed."""
    rows = np.stack(settings)
    chance = curves.chance[str(runs["dataset"].iloc[0])]
    outcomes = measure.signed(runs).to_numpy()[rows]
    lost = np.isnan(outcomes) | np.isnan(measure.metric.scores(runs, "test").to_numpy()[rows])
    # Runs that are planned have no id yet.
    ids = runs.get("run_id", runs["key"]).to_numpy()[rows]
    courses = [
        [
            None if is_lost else curves.of_run.get(run_id)
            for run_id, is_lost in zip(*row, strict=True)
        ]
        for row in zip(ids, lost, strict=True)
    ]
    # Resamples are in single precision.
    scores = np.clip(aligned(courses, chance), -MOST, MOST)
    # A run that learnt nothing would have no gap.
    counted_as = -np.inf if measure.counts_lost_as_worst else chance
    counted = np.where(lost, counted_as, outcomes)
    return Candidates(
        names=tuple({key: plain(runs[key].iloc[own[0]]) for key in nuisances} for own in rows),
        rows=tuple(runs.index[own] for own in rows),
        seeds=tuple(runs["seed"].to_numpy()[rows[0]].tolist()),
        curves=scores,
        choosing=choosing_curves(measure, scores, counted),
        outcomes=counted,
        lost=lost.sum(axis=1),
        is_own_choice=measure.is_time,
    )


def choosing_curves(measure: Measure, curves: Array, outcomes: Array) -> Array:
    """The scores that choose settings, (settings, seeds, epochs): a measure on validation data.

    `curves` are those of the metric. What is reported after the last epoch is chosen by the end of
    them, a time to a target by that time.
    """
    if measure.is_time:
        return ranks_within_seeds(outcomes)[..., None]
    return last_tenth(curves) if measure.is_last else curves


def common_seeds(candidates: Sequence[Candidates]) -> tuple[int, ...]:
    """The seeds that all of them have."""
    return tuple(sorted(set.intersection(*(set(candidate.seeds) for candidate in candidates))))
