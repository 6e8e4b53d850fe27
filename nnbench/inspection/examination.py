"""The examination of a trained network: a linear probe of every layer, and how alike layers are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnbench.assembly.predictor import Trained
from nnbench.data.dataset import Dataset
from nnbench.data.split import Split, split
from nnbench.engine.arrays import Array
from nnbench.inspection import probes
from nnbench.inspection.measures import effective_rank, linear_cka, varying
from nnbench.inspection.outputs import Outputs, outputs_of, title_of
from nnbench.inspection.probes import Probe
from nnbench.run.metrics import OBJECTIVE

ROWS = 2000
"""Largest number of rows of a set that are examined; sets are in random order."""


@dataclass(frozen=True, eq=False)
class LayerInspection:
    """The probe and the measures of one layer, or of the input."""

    name: str
    numbers: int
    """Number of outputs."""
    varying: int
    """Number of outputs that vary between training rows."""
    averaged: bool
    effective_rank: float
    probe: Probe
    train_score: float
    validation_score: float

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        return title_of(self.name)


@dataclass(frozen=True)
class Inspection:
    """The examination of a network; layers from the input on."""

    trained: Trained
    data: Dataset
    train: Array
    """Row numbers of the training set that probes were fitted to."""
    validation: Array
    """Row numbers of the validation set that they were scored on."""
    parts: Split
    layers: tuple[LayerInspection, ...]
    """The input and all hidden layers."""
    own_score: float
    """The network's own, on the same validation rows."""
    names: tuple[str, ...]
    """Names of the layers, and the output."""
    similarity: Array
    """(names, names): linear CKA, NaN where a layer says the same of all rows."""

    @property
    def metric(self) -> str:
        """The name of the scores."""
        return OBJECTIVE[self.trained.task]

    @cached_property
    def hidden(self) -> tuple[LayerInspection, ...]:
        """The hidden layers alone."""
        return self.layers[1:]


def examine(trained: Trained, data: Dataset) -> Inspection:
    """Probe every layer of a network on the data that its run was trained on."""
    config = trained.config
    parts = split(data, config.seed, config.validation_size, config.test_size)
    train, validation = parts.train[:ROWS], parts.validation[:ROWS]
    fitted = outputs_of(trained, data.x[train])
    scored = outputs_of(trained, data.x[validation])
    layers = tuple(
        inspect_layer(trained, fitted_layer, other, data.y[train], data.y[validation])
        for fitted_layer, other in zip(fitted[:-1], scored[:-1], strict=True)
    )
    alike = np.array([[linear_cka(a.numbers, b.numbers) for a in fitted] for b in fitted])
    return Inspection(
        trained=trained,
        data=data,
        train=train,
        validation=validation,
        parts=parts,
        layers=layers,
        own_score=own_score(trained, data.x[validation], data.y[validation]),
        names=tuple(layer.name for layer in fitted),
        similarity=alike,
    )


def inspect_layer(
    trained: Trained, fitted: Outputs, scored: Outputs, y: Array, y_scored: Array
) -> LayerInspection:
    """The probe and the measures of a layer, from its outputs for training and validation rows."""
    probe = probes.fit(trained.task, fitted.numbers, y)
    return LayerInspection(
        name=fitted.name,
        numbers=fitted.numbers.shape[1],
        varying=varying(fitted.numbers),
        averaged=fitted.averaged,
        effective_rank=effective_rank(fitted.numbers),
        probe=probe,
        train_score=probe.score(fitted.numbers, y),
        validation_score=probe.score(scored.numbers, y_scored),
    )


def own_score(trained: Trained, x: Array, y: Array) -> float:
    """The network's own accuracy or R² on raw rows."""
    return probes.score(trained.task, y, predictions(trained, x))


def predictions(trained: Trained, x: Array) -> Array:
    """The network's predictions for raw rows: classes (rows,), or targets (rows, targets)."""
    answers = trained.answers(x)
    if trained.task == "classification":
        return np.asarray(answers.argmax(axis=1))
    return trained.scaling.targets(answers)
