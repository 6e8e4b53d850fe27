"""Loss of a choice of settings against the best one, by the score that chooses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnbench.report.statistics import choosing_scores, fill_stopped, smooth

Score = Callable[[np.ndarray], np.ndarray]

SCORES: dict[str, Score] = {
    "best epoch of each run": lambda curves: curves.max(-1).mean(-1),
    "best running mean of each run": lambda curves: smooth(curves).max(-1).mean(-1),
    "mean of the last fifth": lambda curves: curves[..., -max(curves.shape[-1] // 5, 1) :].mean(
        (1, 2)
    ),
    "best epoch of the mean curve": lambda curves: curves.mean(1).max(-1),
    "best running mean of the mean curve (used)": choosing_scores,
}
"""From (settings, seeds, epochs) to (settings,)."""

POPULATION = 400
"""Simulated seeds, from which experiments draw."""


@dataclass(frozen=True)
class Shape:
    """Shape of validation curves: five learning rates, each three times the one before."""

    name: str
    epochs: int = 50
    decays: bool = False
    """True if fluctuations die out, as under a cosine schedule."""
    patience: int = 0
    """Epochs without a better one until a run stops; 0 for never."""
    rows: int = 180
    """Rows of the validation set."""
    overfits: float = 0.0
    """Loss from the best epoch to the last, at the largest rate."""


SHAPES = (
    Shape("constant"),
    Shape("constant, 36 rows", rows=36),
    Shape("cosine", decays=True),
    Shape("5 epochs", epochs=5),
    Shape("200 epochs", epochs=200),
    Shape("early stopping", patience=10),
    Shape("overfitting", overfits=0.03),
    Shape("overfitting, early stopping", overfits=0.03, patience=10),
)

SPEEDS = (0.04, 0.12, 0.36, 1.0, 1.0)
"""Per epoch, of a sweep of 50."""
LEVELS = (0.950, 0.955, 0.957, 0.953, 0.945)
"""Accuracies that are reached in the end."""
WOBBLE = (0.003, 0.004, 0.007, 0.012, 0.03)
"""Standard deviation of validation accuracy from epoch to epoch: larger rates jump further."""
SHARED = 0.4
"""Share of a jump that the test set has too. With it a third of what the best epoch is ahead of its
neighbours is real, as in stored runs of moons, checkerboard and digits."""


def curves_of(shape: Shape, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Validation curves (settings, seeds, epochs) and test outcomes at each run's best epoch.

    Validation rows are the same in every epoch, so that a run's sampling noise is its own for good;
    what changes from epoch to epoch is which rows near the boundary are right.
    """
    size = (len(LEVELS), POPULATION, shape.epochs)
    epochs = np.arange(1, shape.epochs + 1)
    levels, speeds, wobble = (
        np.array(values)[:, None, None] for values in (LEVELS, SPEEDS, WOBBLE)
    )
    course = levels - 0.5 * np.exp(-speeds * epochs * max(1, 25 / shape.epochs))
    rates = np.linspace(0, 1, len(LEVELS))[:, None, None]
    course = course - shape.overfits * rates * epochs / shape.epochs
    fading = (1 + np.cos(np.pi * epochs / shape.epochs)) / 2 if shape.decays else 1.0
    jumps = SHARED * wobble * fading * -np.abs(rng.normal(0, 1, size))
    truth = course + jumps + rng.normal(0, 0.003, size[:2])[..., None]
    noise = np.sqrt(0.05 * 0.95 / shape.rows)
    lasting = noise * (rng.normal(0, 0.8, size[1]) + rng.normal(0, 0.6, size[:2]))[..., None]
    changing = np.sqrt(180 / shape.rows) * wobble * fading * rng.normal(0, 1, size)
    validation = np.round((truth + lasting + changing) * shape.rows) / shape.rows
    stop = stops(validation, shape.patience)
    trained = np.where(np.arange(shape.epochs) <= stop[..., None], validation, -np.inf)
    best = trained.argmax(-1)[..., None]
    test = np.take_along_axis(truth, best, -1)[..., 0] + rng.normal(0, 0.01, size[:2])
    return fill_stopped(np.where(np.isinf(trained), np.nan, trained)), test


def stops(validation: np.ndarray, patience: int) -> np.ndarray:
    """Last epoch of each run: the first with no better one for so many epochs."""
    epochs = validation.shape[-1]
    if not patience:
        return np.full(validation.shape[:-1], epochs - 1)
    highest = np.maximum.accumulate(validation, -1)
    waits = np.zeros(validation.shape[:-1], int)
    stop = np.full(validation.shape[:-1], epochs - 1)
    for epoch in range(1, epochs):
        better = validation[..., epoch] > highest[..., epoch - 1]
        waits = np.where(better, 0, waits + 1)
        stop = np.where((waits >= patience) & (stop == epochs - 1), epoch, stop)
    return stop


def simulated() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Curves and outcomes of each shape."""
    for shape in SHAPES:
        yield shape.name, *curves_of(shape, np.random.default_rng(0))


def stored(folder: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The same of real runs: files (.npz) with `validation_*` (settings, seeds, 1 + epochs) and
    `test_*` (settings, seeds), of which higher is better.
    """
    for path in sorted(folder.glob("*.npz")):
        runs = np.load(path, allow_pickle=False)
        validation, test = (
            next(name for name in runs.files if name.startswith(f"{prefix}_"))
            for prefix in ("validation", "test")
        )
        yield path.stem, runs[validation][..., 1:].astype(float), runs[test].astype(float)


def regrets(curves: np.ndarray, test: np.ndarray, seeds: int, experiments: int) -> dict[str, float]:
    """Mean loss of a choice by so many seeds, by score, in the outcome's units."""
    means, rng = test.mean(1), np.random.default_rng(1)
    lost: dict[str, list[float]] = {name: [] for name in SCORES}
    for _ in range(experiments):
        drawn = curves[:, rng.permutation(test.shape[1])[:seeds]]
        for name, score in SCORES.items():
            lost[name].append(means.max() - means[score(drawn).argmax()])
    return {name: float(np.mean(values)) for name, values in lost.items()}
