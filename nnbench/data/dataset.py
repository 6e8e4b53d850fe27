"""A data set in memory."""

import hashlib
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from nnbench.allowed import require, whole
from nnbench.data.theory import THEORY
from nnbench.engine.arrays import Array
from nnbench.engine.streams import stream
from nnbench.run.metrics import OBJECTIVE, Task


@dataclass(frozen=True)
class Dataset:
    """Rows of features and what is to be learnt about them.

    `x` is (rows, *shape) float64, where shape is (features,) of a table, (steps, channels) of a
    signal or sequence, (height, width, channels) of an image; NaN where a number is missing. `y` is
    (rows,) of class numbers from 0 on for classification, (rows, outputs) float64 for regression.
    """

    name: str
    task: Task
    x: Array
    y: Array
    classes: int = 0
    """Number of classes; 0 for regression."""
    source: str = ""
    """Source of the data, for the tracked input."""
    theory: str = ""
    """Known theory of how much depth should help, with its source."""
    licence: str = ""
    """Under which terms it can be used, if that is known."""
    note: str = ""
    """Notes for users on how the data were read."""
    class_names: tuple[str, ...] = ()
    """Names of the classes, in the order of their numbers; empty for regression."""
    test_rows: int = 0
    """Rows at the end that are the test set of every run; 0 for a set drawn by its seed."""
    drawn: int = 0
    """Rows that each run draws of these by its seed; 0 for all."""
    train_rows: int = 0
    """Rows that each run keeps of its training set by its seed; 0 for all."""

    def __post_init__(self) -> None:
        require("train_rows", self.train_rows, whole(0))
        if self.drawn:
            require("drawn", self.drawn, whole(0, len(self.x)))
        if self.drawn and self.test_rows:
            # Rows that are drawn would mix both sets.
            reason = f"must be 0 with a test set of its own, test_rows={self.test_rows}"
            raise ValueError(f"drawn={self.drawn}: {reason}")

    @property
    def rows(self) -> int:
        """Number of rows that a run has."""
        return self.drawn or len(self.x)

    def rows_of(self, seed: int) -> Array:
        """Numbers of the rows that the run of a seed has, those of a test set of its own last."""
        if not self.drawn:
            return np.arange(len(self.x))
        return stream(seed, "rows").permutation(len(self.x))[: self.drawn]

    @property
    def outputs(self) -> int:
        """Number of outputs a network needs: one a class or target."""
        return self.classes or int(self.y.shape[1])

    @property
    def untested_classes(self) -> int:
        """Number of classes without a row in a test set of their own."""
        own = self.y[len(self.y) - self.test_rows :]
        return self.classes - len(np.unique(own)) if self.classes and self.test_rows else 0

    @property
    def chance(self) -> float:
        """Chance level: the score of a constant prediction, in accuracy or R².

        For classification, the share of the most frequent class; where the data have a test set of
        their own, the share there of the class that is most frequent in the other rows. 0 for
        regression.
        """
        if not self.classes:
            return 0.0
        others = len(self.y) - self.test_rows
        largest = np.bincount(self.y[:others]).argmax()
        return float(np.mean(self.y[others if self.test_rows else 0 :] == largest))

    def label(self, number: int) -> str:
        """The name of a class, or its number where it has none."""
        return self.class_names[number] if self.class_names else str(number)

    def mapped(self, file: Path) -> Self:
        """The same with its inputs in a new .npy file, which other processes read as well.

        Such a data set is sent to them without its inputs. Raises OSError if the disk is full.
        """
        np.save(file, self.x)
        mapped = copy(self)  # With its fingerprint, if that is known.
        vars(mapped)["x"] = np.load(file, mmap_mode="r", allow_pickle=False)
        return mapped

    def __getstate__(self) -> dict[str, Any]:
        state = dict(vars(self))
        if isinstance(self.x, np.memmap):
            state["x"] = self.x.filename
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if isinstance(state["x"], Path):
            state["x"] = np.load(state["x"], mmap_mode="r", allow_pickle=False)
        vars(self).update(state)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the content: the same rows in the same order, whatever their source.

        And of how many of them each run draws.
        """
        facts = (self.task, self.x.shape, self.y.shape, *([self.test_rows] * bool(self.test_rows)),
                 *(["drawn", self.drawn] * bool(self.drawn)))  # fmt: skip
        digest = hashlib.sha256(repr(facts).encode())
        for values in (self.x, self.y):
            # Without a copy of what may be large.
            digest.update(np.ascontiguousarray(values).view(np.uint8).data)
        return digest.hexdigest()[:32]


def classification(name: str, x: Array, labels: Array, source: str) -> Dataset:
    """A data set of classes; the labels may be any values and are numbered in sorted order."""
    values, y = np.unique(labels, return_inverse=True)
    x = np.asarray(x, np.float64)
    data = Dataset(name, "classification", x, y, len(values), source, THEORY.get(source, ""))
    return replace(data, class_names=tuple(map(str, values.tolist())))


def regression(name: str, x: Array, targets: Array, source: str) -> Dataset:
    """A data set of one or more numeric targets."""
    y = np.asarray(targets, np.float64)
    x = np.asarray(x, np.float64)
    return Dataset(name, "regression", x, y.reshape(len(y), -1), 0, source, THEORY.get(source, ""))


def fault(data: Dataset) -> str:
    """The rule of `Dataset` that a data set of a user's own breaks; empty if none."""
    x, y = data.x, data.y
    if data.task not in OBJECTIVE:
        return f"a task that is {' or '.join(OBJECTIVE)}"
    if not all(isinstance(values, np.ndarray) and values.dtype.kind in "fiu" for values in (x, y)):
        return "x and y that are NumPy arrays of numbers"
    if x.ndim < 2 or y.ndim != (1 if data.task == "classification" else 2):
        return "x as (rows, features, …), y as (rows,) of classes or (rows, outputs) of numbers"
    if not 0 < len(x) == len(y):
        return f"as many rows in x as in y, not {len(x):,} and {len(y):,}"
    if np.isinf(x).any():
        return "an x without infinite numbers"
    if data.task == "regression":
        return "" if np.isfinite(y).all() else "a y of finite numbers"
    is_numbered = y.dtype.kind in "iu" and 0 <= y.min() <= y.max() < data.classes
    return "" if is_numbered else "a y of whole numbers from 0 to classes − 1"
