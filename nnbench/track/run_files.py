"""The files that go with a run: its configuration and its full curves."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nnbench.engine.arrays import Array
from nnbench.run.config import RunConfig, StoredTarget
from nnbench.run.result import History
from nnbench.run.stored_config import as_config
from nnbench.system import archive
from nnbench.system.archive import DamagedError
from nnbench.track.stored_text import of_yaml_file

CONFIG = "config.yaml"
CURVES = "curves.npz"
TABLE = "curves"
"""Name of the table of curves in that file: a row each epoch, a column each metric."""
EPOCH = "epoch"
"""Its first column."""
LAYERED = "layer_statistics"
"""Name of the table of layer statistics: (moments, layers), a column each statistic."""
CURVE, STATISTIC = "curves/", "mechanism/"
"""Beginnings of the names under which earlier versions kept them, an array each."""

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The one in C, where there is one, takes a fifth of the time."""
DUMPER.add_representer(StoredTarget, lambda dumper, text: dumper.represent_str(str(text)))


def write_config(config: RunConfig, directory: Path) -> None:
    """The resolved configuration, key by key."""
    text = yaml.dump(asdict(config), Dumper=DUMPER, sort_keys=False, allow_unicode=True)
    (directory / CONFIG).write_text(text, encoding="utf-8")


def read_config(file: Path) -> RunConfig:
    """The configuration that `write_config` wrote. Raises DamagedError if it is something else."""
    try:
        values = of_yaml_file(file)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DamagedError(f"{CONFIG} is damaged") from error
    if not isinstance(values, dict) or not {"dataset", "optimizer", "depth"} <= values.keys():
        raise DamagedError(f"{CONFIG} is damaged")
    try:
        return as_config(values)
    except ValueError as error:
        raise DamagedError(f"{CONFIG} is damaged: {error}") from error


def write_curves(history: History, directory: Path) -> None:
    """All epochs of all metrics and all moments of every layer, as plain arrays."""
    np.savez_compressed(directory / CURVES, **as_arrays(history))


def read_curves(file: Path) -> History:
    """The curves that `write_curves` wrote; nothing in it is ever executed.

    Raises DamagedError if it is something else, OSError if reading fails.
    """
    return as_history(archive.load(file))


def read_curve(file: Path, name: str) -> Array:
    """One of these curves, (epochs,), without the others.

    Raises KeyError if there is none of that name, DamagedError and OSError as `read_curves` does.
    """
    table = archive.load_one(file, TABLE)
    curve = archive.load_one(file, f"{CURVE}{name}") if table is None else columns(table).get(name)
    if curve is None or name == EPOCH:
        raise KeyError(name)
    if not (curve.ndim == 1 and len(curve) and curve.dtype.kind == "f"):
        raise DamagedError("has curves that don't fit together")
    return np.asarray(curve)


def as_arrays(history: History) -> dict[str, Any]:
    """A history as named arrays.

    Each array of a file takes 200 bytes of it beside the numbers, so that two tables take half the
    space of an array for each curve, and a run of 20 epochs one block of a disk.
    """
    return {
        TABLE: as_table({EPOCH: history.epochs, **history.curves}, history.epochs.shape),
        "layers": np.array(history.layers, dtype=np.str_),
        "moments": history.moments,
        LAYERED: as_table(history.layer_statistics, (len(history.moments), len(history.layers))),
    }


def as_table(arrays: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    """Arrays of the same shape as columns of one."""
    table = np.empty(shape, [(name, values.dtype) for name, values in arrays.items()])
    for name, values in arrays.items():
        table[name] = values
    return table


def columns(table: Array) -> dict[str, Array]:
    """The arrays of which `as_table` made one. Raises DamagedError if it has no columns."""
    if table.dtype.names is None:
        raise DamagedError("is no file of curves")
    return {name: np.ascontiguousarray(table[name]) for name in table.dtype.names}


def as_history(arrays: Mapping[str, Any]) -> History:
    """The history of which `as_arrays` made arrays; there may be others among them.

    One that an earlier engine left has no moments. Raises DamagedError if they are no history.
    """
    try:
        if TABLE in arrays:
            curves, layered = columns(arrays[TABLE]), columns(arrays[LAYERED])
            epochs = curves.pop(EPOCH)
        else:
            curves, layered = group(arrays, CURVE), group(arrays, STATISTIC)
            epochs = arrays["epochs"]
        history = History(
            epochs=epochs,
            curves=curves,
            layers=tuple(str(name) for name in arrays["layers"]),
            moments=arrays["moments"] if "moments" in arrays else np.empty(0, int),
            layer_statistics=layered,
        )
    except (KeyError, TypeError) as error:
        raise DamagedError("is no file of curves") from error
    refuse_unfit(history)
    return history


def refuse_unfit(history: History) -> None:
    """Raise DamagedError if the arrays of a history don't fit together."""
    epochs, moments = history.epochs, history.moments
    shapes = {curve.shape for curve in history.curves.values()}
    layered = {values.shape for values in history.layer_statistics.values()}
    numbers = [*history.curves.values(), *history.layer_statistics.values()]
    if not (
        all(array.ndim == 1 and array.dtype.kind in "iu" for array in (epochs, moments))
        and len(epochs)
        and np.array_equal(epochs, np.arange(len(epochs)))
        and np.isin(moments, epochs).all()
        and shapes <= {epochs.shape}
        and layered <= {(len(moments), len(history.layers))}
        and all(array.dtype.kind == "f" for array in numbers)
    ):
        raise DamagedError("has curves that don't fit together")


def group(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}
