"""What is to be learnt: classes or numbers, and which can't be."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnbench.data.columns import LARGEST
from nnbench.data.dataset import Task
from nnbench.engine.arrays import Array

CLASSES = 20
"""Different whole numbers up to which a target is taken for classes."""


def check_task(task: object) -> None:
    """Raise ValueError unless it is one, or None for what the target looks like."""
    if task not in (None, "classification", "regression"):
        raise ValueError(f"task={task}: must be classification, regression or null")


def guess_task(values: Array) -> Task:
    """Words and few different whole numbers are classes, other numbers are a regression."""
    if not np.issubdtype(values.dtype, np.number):
        return "classification"
    whole = bool((values == np.round(values)).all())
    return "classification" if whole and len(np.unique(values)) <= CLASSES else "regression"


def check_target(values: Array, task: Task, said: str, sets: int = 3) -> None:
    """Raise ValueError, which begins with what is `said`, for targets that can't be learnt.

    Each class needs a row in each of the sets that are drawn.
    """
    found, counts = np.unique(values, return_counts=True)
    if len(found) < 2:
        raise ValueError(f"{said}: every row has {shown(found[0])}, there is nothing to learn")
    if task == "classification":
        strays = strays_among_numbers(found) if counts.min() < sets else []
        if strays:
            raise ValueError(f"{said}: must be a number in every row, but there is {strays[0]!r}")
        if counts.min() < sets:
            rare, rows = shown(found[counts.argmin()]), "row" if counts.min() == 1 else "rows"
            raise ValueError(
                f"{said}: {len(found):,} classes in {len(values):,} rows, of which {rare} has "
                f"{counts.min()} {rows} only; each of the {sets} sets must have one of every class "
                "(numbers: task=regression)"
            )
    elif not np.issubdtype(values.dtype, np.number):
        word = next(value for value in map(str, found) if not is_a_number(value))
        raise ValueError(f"{said}: task=regression needs numbers, but there is {word!r}")
    elif not (np.abs(values) <= LARGEST).all():
        raise ValueError(f"{said}: every number must be finite, and no larger than {LARGEST:g}")


def check_classes_of_test(labels: Array, test_rows: int, said: str) -> None:
    """Raise ValueError for a class of which there are not enough rows before the test part."""
    values, counts = np.unique(labels[:-test_rows], return_counts=True)
    few = np.setdiff1d(labels, values[counts >= 2])
    if few.size:
        allowed = "must have two rows or more outside the test part"
        raise ValueError(f"{said}: the class {shown(few[0])} {allowed}")


def shown(value: Any) -> str:
    """A label as an error shows it."""
    return repr(value.item())


def strays_among_numbers(values: Iterable[Any]) -> list[str]:
    """The words among different values of which more than half can be read as numbers."""
    words = list(map(str, values))
    strays = [word for word in words if not is_a_number(word)]
    return strays if 2 * len(strays) < len(words) else []


def is_a_number(word: str) -> bool:
    """Whether a word can be read as one."""
    try:
        float(word)
    except ValueError:
        return False
    return True
