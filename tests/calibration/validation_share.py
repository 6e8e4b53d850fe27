"""Test scores that chosen settings reach, by the share of rows in the validation set.

A larger validation set chooses better, and leaves fewer rows to train on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

import nnbench
from nnbench.report.statistics import choose, fill_stopped
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.result import RunResult

SHARES = (0.10, 0.15, 0.20)
"""Shares of all rows; the test set has 20% in any case."""
DATASETS = ("digits", "wine", "breast_cancer", "diabetes", "moons")
DEPTHS = (1, 4)
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
RUNS = 40
"""Seeds that are trained, from which those of an experiment are drawn."""
SEEDS = 20
DRAWS = 100
"""Resamples; only the choice of all seeds is of interest."""


Runs = tuple[np.ndarray, np.ndarray]
"""Validation curves (settings, seeds, epochs) and test scores (settings, seeds)."""


@dataclass(frozen=True)
class Reached:
    """Means over experiments, in the outcome's units."""

    test: float
    """Mean test score, over all trained seeds, of the chosen setting."""
    regret: float
    """Loss against the best setting at this share."""
    per_seed: np.ndarray
    """(seeds,): test score of each trained seed, averaged over the choices."""


def reached(curves: np.ndarray, test: np.ndarray, experiments: int, seeds: int = SEEDS) -> Reached:
    """Scores of choices by `seeds` drawn seeds, without repetition.

    `curves` (settings, seeds, epochs) and `test` (settings, seeds); higher is better.
    """
    rng = np.random.default_rng(0)
    chosen = []
    for _ in range(experiments):
        drawn = rng.permutation(test.shape[1])[:seeds]
        chosen.append(choose(curves[:, drawn], test[:, drawn], DRAWS).setting)
    means = test.mean(axis=1)
    expected = float(means[chosen].mean())
    return Reached(expected, max(float(means.max()) - expected, 0.0), test[chosen].mean(axis=0))


def trained(
    dataset: str, depth: int, share: float, runs: int = RUNS, words: Sequence[str] = ()
) -> Runs:
    """Curves and scores of real runs, by learning rate."""
    asked = [f"dataset={dataset}", f"depth={depth}", f"validation_size={share}", "test_size=0.2"]
    configs = nnbench.compose_all([*asked, f"seeds={runs}", *words])
    results = [
        nnbench.train_stack([replace(config, lr=rate) for config in configs]) for rate in RATES
    ]
    return arrays(results)


def arrays(results: Sequence[Sequence[RunResult]]) -> Runs:
    """Curves and test scores of runs by setting and seed; lost runs count at chance level."""
    histories = [[result.history for result in of_setting] for of_setting in results]
    first = histories[0][0]
    assert first is not None
    name = next(name for name in OBJECTIVE.values() if f"validation_{name}" in first.curves)
    epochs = results[0][0].config.epochs
    courses = np.full((len(results), len(results[0]), 1 + epochs), np.nan)
    test = np.full(courses.shape[:2], np.nan)
    for place in np.ndindex(test.shape):
        result, history = results[place[0]][place[1]], histories[place[0]][place[1]]
        if history is not None:
            course = history.curves[f"validation_{name}"]
            courses[place][: len(course)] = course
        if result.status == "finished":
            test[place] = result.final[f"test_{name}"]
    chance = 0.0 if name == "r2" else float(np.nanmean(courses[..., 0]))
    lost = np.isnan(test)
    courses[lost], test[lost] = chance, chance
    return fill_stopped(courses[..., 1:]), test


def groups(runs: int = RUNS, words: Sequence[str] = ()) -> Iterator[tuple[str, list[Runs]]]:
    """Name of each group, and its runs by share."""
    for dataset in DATASETS:
        for depth in DEPTHS:
            by_share = [trained(dataset, depth, share, runs, words) for share in SHARES]
            yield f"{dataset}, depth {depth}", by_share


def table(
    source: Iterable[tuple[str, Sequence[Runs]]], experiments: int, seeds: int = SEEDS
) -> list[list[str]]:
    """Rows of test score and regret by share, in percentage points, and how the shares differ.

    The last rows are means over groups. Differences from the first share are paired by seed, and
    stand with their standard error.
    """
    scores = {
        name: [reached(*runs, experiments, seeds) for runs in by_share] for name, by_share in source
    }
    classified = [own for name, own in scores.items() if "diabetes" not in name]
    return [
        *([name, *cells(own)] for name, own in scores.items()),
        ["mean", *cells(list(map(mean, zip(*scores.values(), strict=True))))],
        ["mean of accuracies", *cells(list(map(mean, zip(*classified, strict=True))))],
    ]


def mean(groups: Sequence[Reached]) -> Reached:
    """Mean over groups with the same seeds."""
    return Reached(
        float(np.mean([group.test for group in groups])),
        float(np.mean([group.regret for group in groups])),
        np.mean([group.per_seed for group in groups], axis=0),
    )


def cells(by_share: Sequence[Reached]) -> list[str]:
    """Score and regret at each share, and the gain of each over the first."""
    first = by_share[0].per_seed
    gains = [reached.per_seed - first for reached in by_share[1:]]
    return [
        *(f"{100 * reached.test:.2f} ({100 * reached.regret:.2f})" for reached in by_share),
        *(
            f"{100 * gain.mean():+.2f} ± {100 * gain.std(ddof=1) / np.sqrt(len(gain)):.2f}"
            for gain in gains
        ),
    ]
