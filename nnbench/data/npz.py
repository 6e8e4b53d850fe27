"""The user's own arrays, in a file of NumPy's."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from nnbench.data.columns import LARGEST
from nnbench.data.dataset import Dataset, classification, regression
from nnbench.data.opening import stem
from nnbench.data.room import existing, require_room
from nnbench.data.table import remarks
from nnbench.data.targets import (
    check_classes_of_test,
    check_target,
    check_task,
    guess_task,
    joined,
    levels_of,
)
from nnbench.engine.arrays import Array
from nnbench.run.metrics import Task
from nnbench.safety.error_text import one_line

ARRAYS = "x and y, and with x_test also y_test"


def load(name: str, path: str, *, task: Task | None = None) -> Dataset:
    """The arrays `x`, (rows, …), and `y`, (rows,) or (rows, outputs), of an .npz file.

    It is called as the file is, whatever the `name` of the option. `x_test` and `y_test`, if it has
    them, are the test part of every run. Nothing in the file is ever executed. Raises ValueError,
    as `option=value: what is allowed`.
    """
    check_task(task)
    said = f"path={path}"
    arrays = read(existing("path", path), said)
    if not ({"x", "y"} <= set(arrays) and ("x_test" in arrays) == ("y_test" in arrays)):
        has = ", ".join(arrays) or "none"
        raise ValueError(f"{said}: must have the arrays {ARRAYS}, has {has}")
    for part in ("", "_test") if "x_test" in arrays else ("",):
        check_arrays(arrays[f"x{part}"], arrays[f"y{part}"], part, said)
    test_rows = 0
    x, y = arrays["x"], arrays["y"]
    if "x_test" in arrays:
        if arrays["x_test"].shape[1:] != x.shape[1:] or arrays["y_test"].shape[1:] != y.shape[1:]:
            raise ValueError(f"{said}: the test arrays must have the others' shape, but for rows")
        test_rows = len(arrays["x_test"])
        x = np.concatenate([x, arrays["x_test"]])
        y = joined([y, arrays["y_test"]])
    require_room(len(x), x[:1].size + y[:1].size, path=path)
    if np.issubdtype(y.dtype, np.number) and not np.isfinite(y).all():
        raise ValueError(f"{said}: every number of y must be finite")
    least, most = float(np.fmin.reduce(x, None)), float(np.fmax.reduce(x, None))
    if least < -LARGEST or most > LARGEST:
        raise ValueError(f"{said}: x has a number that is larger than {LARGEST:g}")
    levels = levels_of(y.ravel())
    found = task or ("regression" if y.ndim > 1 else guess_task(levels))
    if found == "classification" and y.ndim > 1:
        raise ValueError(f"task={task}: needs y of shape (rows,), a class each")
    check_target(levels, found, f"{said}, y", sets=2 if test_rows else 3)
    if found == "classification":
        if test_rows:
            check_classes_of_test(levels, test_rows, f"{said}, y")
        made = classification(stem(path), x, levels.codes, str(path))
        made = replace(made, class_names=levels.names)
    else:
        made = regression(stem(path), x, y, str(path))
    return replace(made, test_rows=test_rows, note=note(made, test_rows))


def read(file: Path, said: str) -> Mapping[str, Array]:
    """The arrays of a file by name."""
    try:
        # Of anything else NumPy would say that it can be loaded unsafely.
        if not zipfile.is_zipfile(file):
            raise ValueError("it is not what np.savez writes")
        with np.load(file, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays}
    except Exception as error:  # Whatever is wrong with what is somebody's file.
        raise ValueError(f"{said}: can't be read as .npz, {one_line(error)}") from error


def check_arrays(x: Array, y: Array, part: str, said: str) -> None:
    """Raise ValueError unless there are inputs and targets, of as many rows."""
    if not (
        2 <= x.ndim <= 4 and x.size and np.isdtype(x.dtype, ("bool", "real floating", "integral"))
    ):
        allowed = "must be numbers of shape (rows, …), with one to three more axes"
        raise ValueError(f"{said}: x{part} {allowed}; it is {x.dtype} of shape {x.shape}")
    if y.dtype.kind not in "biufUS":
        raise ValueError(f"{said}: y{part} must be numbers or words; it is {y.dtype}")
    if not (1 <= y.ndim <= 2 and len(y) == len(x)):
        allowed = f"must have a row for each of the {len(x):,} of x{part}"
        raise ValueError(f"{said}: y{part} {allowed}; its shape is {y.shape}")


def note(data: Dataset, test_rows: int) -> str:
    """Notes on how the arrays were read."""
    learnt = f"{data.classes} classes" if data.classes else f"{data.outputs} number(s) to be learnt"
    size = f"{len(data.x):,} rows of shape {data.x.shape[1:]}, {learnt}"
    return "; ".join([size, *remarks(int(np.isnan(data.x).sum()), test_rows)])
