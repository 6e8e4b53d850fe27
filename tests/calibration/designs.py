"""Values of a compared key whose settings have known merits, and experiments on them.

A seed shifts all scores of a set (COMMON), is luck for one training (LUCK, shared by validation
and test set), and both sets have noise of their own.
"""

from dataclasses import dataclass

import numpy as np

from nnbench.report.statistics import TunedScores, choose

DRAWS = 4_000
"""Resamples: 160 beyond each end of a 90% interval of 20 seeds."""

COMMON, LUCK, VALIDATION, TEST = 0.01, 0.005, 0.02, 0.01

ONE, EQUAL = (0.0,), (0.0,) * 4
CLOSE, APART = (0.0, -0.004, -0.008, -0.012), (0.0, -0.02, -0.04, -0.08)
NEAR = tuple(-0.002 * i for i in range(8))


@dataclass(frozen=True)
class Design:
    """Merits of the settings of one value, and of those of the values beside it."""

    name: str
    first: tuple[float, ...]
    others: tuple[float, ...]


DESIGNS = (
    Design("one, one", ONE, ONE),
    Design("equal, equal", EQUAL, EQUAL),
    Design("close, close", CLOSE, CLOSE),
    Design("apart, apart", APART, APART),
    Design("near, near", NEAR, NEAR),
    Design("one, close", ONE, CLOSE),
    Design("equal, apart", EQUAL, APART),
    Design("equal, near", EQUAL, NEAR),
    Design("close, apart", CLOSE, APART),
)


@dataclass(frozen=True)
class Experiment:
    """Values with settings chosen, and the outcomes at settings known beforehand."""

    tuned: list[TunedScores]
    true_scores: list[np.ndarray]
    """(seeds,) each."""


def experiment(
    rng: np.random.Generator, design: Design, shifts: tuple[float, ...], seeds: int
) -> Experiment:
    """Draw one of as many values as there are shifts: how much better each is at its best."""
    common = rng.normal(0, COMMON, (2, seeds))
    tuned, true_scores = [], []
    for position, shift in enumerate(shifts):
        merits = np.array(design.others if position else design.first)[:, None]
        truth = 0.8 + shift + merits + rng.normal(0, LUCK, (len(merits), seeds))
        validation = truth + common[0] + rng.normal(0, VALIDATION, truth.shape)
        test = truth + common[1] + rng.normal(0, TEST, truth.shape)
        tuned.append(choose(validation[..., None], test, DRAWS))
        true_scores.append(test[0])
    return Experiment(tuned, true_scores)
