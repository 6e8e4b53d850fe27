"""Claims of reports on experiments whose truth is known."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, replace

import joblib
import numpy as np
import pandas as pd

from nnbench.report import Question
from nnbench.report.analysis.contrasts import Contrast, Outcome, contrasts
from nnbench.report.compare.compare_runs import compare_runs
from tests.calibration.simulated import Scenario, table

QUESTION = Question("calibration", ("depth",), (), "")
AT_ONCE = 50
"""Experiments of a table."""


@dataclass(frozen=True)
class Claims:
    """Shares of experiments."""

    experiments: int
    any: float
    """In which some value is said to be better or worse than the reference."""
    better: float
    """In which the first beside the reference is said to be better."""
    equal: float
    """In which it is said to be as good for practical purposes."""
    covered: float
    """In which its interval holds the true difference of the settings that were chosen."""

    @property
    def error(self) -> float:
        """The standard error of `any`."""
        return float(np.sqrt(self.any * (1 - self.any) / self.experiments))


def claims(scenario: Scenario, experiments: int, seed: int = 0, jobs: int = 1) -> Claims:
    """Claims of reports on so many simulated experiments."""
    sizes = [min(AT_ONCE, experiments - done) for done in range(0, experiments, AT_ONCE)]
    streams = np.random.default_rng(seed).spawn(len(sizes))
    work = (joblib.delayed(seen)(scenario, *task) for task in zip(sizes, streams, strict=True))
    return shares(np.concatenate(joblib.Parallel(jobs)(work)))


def seen(scenario: Scenario, experiments: int, rng: np.random.Generator) -> np.ndarray:
    """A row an experiment of one table."""
    gc.freeze()  # statsmodels collects garbage whenever it corrects anything.
    return counted(table(scenario, experiments, rng))


def shares(rows: np.ndarray) -> Claims:
    """Shares of rows that `counted` gives."""
    return Claims(len(rows), *(float(share) for share in np.mean(rows, axis=0)))


def counted(runs: pd.DataFrame) -> np.ndarray:
    """A row for every experiment of a table: whether each of what `Claims` counts holds."""
    return np.array(
        [
            [
                any(contrast.outcome in (Outcome.BETTER, Outcome.WORSE) for contrast in contrasts),
                contrasts[0].outcome is Outcome.BETTER,
                contrasts[0].outcome is Outcome.EQUIVALENT,
                holds_truth(contrasts[0]),
            ]
            for contrasts in experiments_of(runs)
        ],
        float,
    )


def experiments_of(runs: pd.DataFrame) -> Iterator[tuple[Contrast, ...]]:
    """The contrasts of every data set, corrected for themselves: a report of its own."""
    comparison = compare_runs(runs, QUESTION)
    for name in comparison.datasets:
        alone = replace(comparison, groups=tuple(comparison.of(name)))
        yield contrasts(alone, QUESTION.equivalence)


def holds_truth(contrast: Contrast) -> bool:
    """True if the interval contains the true difference."""
    group, reference = (
        compared.figures("best_train").mean() for compared in (contrast.group, contrast.reference)
    )
    low, high = contrast.difference.bounds
    return bool(low <= group - reference <= high)
