"""The user's own arrays, in a file of NumPy's."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from nnbench.data.dataset import Dataset, classification, regression
from nnbench.data.memory_needed import existing, require_room
from nnbench.data.opening import stem
from nnbench.data.table import remarks_on_rows
from nnbench.data.targets import check_classes_of_test, check_target, guess_task, joined, levels_of
from nnbench.engine.arrays import LARGEST, Array
from nnbench.run.metrics import Task
from nnbench.safety.error_text import one_line

ARRAYS = "x and y, and with x_test also y_test"


def load(name: str, path: str, *, task: Task | None = None) -> Dataset:
    """The arrays `x`, (rows, …), and `y`, (rows,) or (rows, outputs), of an .npz file.

    It is called as the file is, whatever the `name` of the option. `x_test` and `y_test`, if it has
    them, are the test set of every run. Nothing in the file is ever executed. Raises ValueError,
    as `option=value: what is allowed`.
    """
    setting = f"path={path}"
    arrays = read(existing("path", path), setting)
    if not ({"x", "y"} <= set(arrays) and ("x_test" in arrays) == ("y_test" in arrays)):
        has = ", ".join(arrays) or "none"
        raise ValueError(f"{setting}: must have the arrays {ARRAYS}, has {has}")
    for suffix in ("", "_test") if "x_test" in arrays else ("",):
        check_arrays(arrays[f"x{suffix}"], arrays[f"y{suffix}"], suffix, setting)
    test_rows = 0
    x, y = arrays["x"], arrays["y"]
    if "x_test" in arrays:
        if arrays["x_test"].shape[1:] != x.shape[1:] or arrays["y_test"].shape[1:] != y.shape[1:]:
            raise ValueError(
                f"{setting}: the test arrays must have the others' shape, but for rows"
            )
        test_rows = len(arrays["x_test"])
        x = np.concatenate([x, arrays["x_test"]])
        y = joined([y, arrays["y_test"]])
    require_room(len(x), x[:1].size + y[:1].size, path=path)
    if np.issubdtype(y.dtype, np.number) and not np.isfinite(y).all():
        raise ValueError(f"{setting}: every number of y must be finite")
    least, most = float(np.fmin.reduce(x, None)), float(np.fmax.reduce(x, None))
    if least < -LARGEST or most > LARGEST:
        raise ValueError(f"{setting}: x has a number that is larger than {LARGEST:g}")
    levels = levels_of(y.ravel())
    task_of_y = task or ("regression" if y.ndim > 1 else guess_task(levels))
    if task_of_y == "classification" and y.ndim > 1:
        raise ValueError(f"task={task}: needs y of shape (rows,), a class each")
    check_target(levels, task_of_y, f"{setting}, y", sets=2 if test_rows else 3)
    if task_of_y == "classification":
        if test_rows:
            check_classes_of_test(levels, test_rows, f"{setting}, y")
        data = classification(stem(path), x, levels.codes, str(path))
        data = replace(data, class_names=levels.names)
    else:
        data = regression(stem(path), x, y, str(path))
    return replace(data, test_rows=test_rows, note=note(data, test_rows))


def read(file: Path, setting: str) -> Mapping[str, Array]:
    """The arrays of a file by name."""
    try:
        # Of anything else NumPy would say that it can be loaded unsafely.
        if not zipfile.is_zipfile(file):
            raise ValueError("it is not what np.savez writes")
        with np.load(file, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays}
    except Exception as error:  # An invalid file may cause any error.
        raise ValueError(f"{setting}: reading it as .npz failed: {one_line(error)}") from error


def check_arrays(x: Array, y: Array, suffix: str, setting: str) -> None:
    """Raise ValueError unless there are inputs and targets, of as many rows."""
    if not (
        2 <= x.ndim <= 4 and x.size and np.isdtype(x.dtype, ("bool", "real floating", "integral"))
    ):
        allowed = "must be numbers of shape (rows, …), with one to three more axes"
        raise ValueError(f"{setting}: x{suffix} {allowed}; it is {x.dtype} of shape {x.shape}")
    if y.dtype.kind not in "biufUS":
        raise ValueError(f"{setting}: y{suffix} must be numbers or words; it is {y.dtype}")
    if not (1 <= y.ndim <= 2 and len(y) == len(x)):
        allowed = f"must have a row for each of the {len(x):,} of x{suffix}"
        raise ValueError(f"{setting}: y{suffix} {allowed}; its shape is {y.shape}")


def note(data: Dataset, test_rows: int) -> str:
    """Notes on how the arrays were read."""
    numbers = f"{data.outputs} numeric target{'s' * (data.outputs > 1)}"
    target = f"{data.classes} classes" if data.classes else numbers
    size = f"{len(data.x):,} rows of shape {data.x.shape[1:]}, {target}"
    return "; ".join([size, *remarks_on_rows(int(np.isnan(data.x).sum()), test_rows)])
