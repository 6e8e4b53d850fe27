"""The files that go with a run: its configuration and its full curves."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nnbench.config import RunConfig
from nnbench.record import History

CONFIG = "config.yaml"
CURVES = "curves.npz"


def write_config(config: RunConfig, directory: Path) -> None:
    """The resolved configuration, key by key."""
    text = yaml.safe_dump(asdict(config), sort_keys=False, allow_unicode=True)
    (directory / CONFIG).write_text(text, encoding="utf-8")


def write_curves(history: History, directory: Path) -> None:
    """All epochs of all metrics and the gradient norms of every layer, as plain arrays."""
    arrays: dict[str, Any] = {
        "epochs": history.epochs,
        "layers": np.array(history.layers, dtype=np.str_),
        "gradient_norms": history.gradient_norms,
        **{f"curves/{name}": curve for name, curve in history.curves.items()},
    }
    np.savez_compressed(directory / CURVES, **arrays)


def read_curves(file: Path) -> History:
    """What `write_curves` wrote; nothing in it is ever executed."""
    with np.load(file, allow_pickle=False) as arrays:
        return History(
            epochs=arrays["epochs"],
            curves={
                name.removeprefix("curves/"): arrays[name]
                for name in arrays.files
                if name.startswith("curves/")
            },
            layers=tuple(str(name) for name in arrays["layers"]),
            gradient_norms=arrays["gradient_norms"],
        )
