"""The files that go with a run: its configuration and its full curves."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nnbench.config import RunConfig
from nnbench.record import History

CONFIG = "config.yaml"
CURVES = "curves.npz"

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The one in C, where there is one, takes a fifth of the time."""


def write_config(config: RunConfig, directory: Path) -> None:
    """The resolved configuration, key by key."""
    text = yaml.dump(asdict(config), Dumper=DUMPER, sort_keys=False, allow_unicode=True)
    (directory / CONFIG).write_text(text, encoding="utf-8")


def write_curves(history: History, directory: Path) -> None:
    """All epochs of all metrics and all moments of every layer, as plain arrays."""
    np.savez_compressed(directory / CURVES, **as_arrays(history))


def read_curves(file: Path) -> History:
    """What `write_curves` wrote; nothing in it is ever executed."""
    with np.load(file, allow_pickle=False) as arrays:
        return as_history(arrays)


def as_arrays(history: History) -> dict[str, Any]:
    """A history as named arrays."""
    return {
        "epochs": history.epochs,
        "layers": np.array(history.layers, dtype=np.str_),
        "moments": history.moments,
        **{f"mechanism/{name}": figures for name, figures in history.mechanism.items()},
        **{f"curves/{name}": curve for name, curve in history.curves.items()},
    }


def as_history(arrays: Mapping[str, Any]) -> History:
    """The history of which `as_arrays` made arrays; there may be others among them.

    One that an earlier engine left has no moments.
    """
    return History(
        epochs=arrays["epochs"],
        curves=group(arrays, "curves/"),
        layers=tuple(str(name) for name in arrays["layers"]),
        moments=arrays["moments"] if "moments" in arrays else np.empty(0, int),
        mechanism=group(arrays, "mechanism/"),
    )


def group(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The arrays whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}
