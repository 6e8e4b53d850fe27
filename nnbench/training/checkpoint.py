"""A stack in the middle of its training, as one file of plain arrays."""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

if TYPE_CHECKING:
    from nnbench.training.loop import Training

KEPT = (
    "last_epoch",
    "last_values",
    "improved_epoch",
    "best_epoch",
    "best_values",
    "lost_step",
    "lost_layer",
    "mechanism",
)
"""What a recorder knows of each run, beside its curves and reasons."""

DAMAGE = (OSError, EOFError, ValueError, KeyError, BadZipFile)
"""What reading a file raises that is not a whole checkpoint."""


@dataclass
class Checkpoint:
    """Where a stack keeps its state, and how often."""

    file: Path
    keys: Sequence[str]
    """The keys of the stack's runs, in their order."""
    every: float
    """Seconds between two checkpoints."""
    saved: float = 0.0
    """When the last one was written."""

    def begin(self, training: "Training") -> int:
        """Bring a fresh stack to where it was; returns the epochs that it has behind it."""
        self.saved = monotonic()
        try:
            # Opened here, since NumPy leaves a damaged file open.
            with self.file.open("rb") as raw, np.load(raw, allow_pickle=False) as arrays:
                return restore(training, dict(arrays), self.keys)
        except DAMAGE:
            return 0

    def keep(self, training: "Training", epoch: int) -> None:
        """Write a checkpoint if it is time to."""
        if monotonic() - self.saved < self.every:
            return
        arrays = dict(state_of(training, epoch), keys=np.array(self.keys, np.str_))
        # Without room for a checkpoint training goes on; only a restart would take longer.
        with suppress(OSError):
            write(self.file, arrays)
        self.saved = monotonic()

    def remove(self) -> None:
        """Forget the state; the runs have been logged."""
        self.file.unlink(missing_ok=True)
        with suppress(OSError):
            # Others may still have theirs there.
            self.file.parent.rmdir()


def find_checkpoints(directory: Path) -> Iterator[tuple[Path, list[str]]]:
    """The checkpoints that lie in a directory, with the keys of their runs."""
    for file in sorted(directory.glob("*.npz")):
        try:
            with file.open("rb") as raw, np.load(raw, allow_pickle=False) as arrays:
                keys = [str(key) for key in arrays["keys"]]
        except DAMAGE:
            continue
        yield file, keys


def write(file: Path, arrays: dict[str, Any]) -> None:
    """Write a file aside, and put it in place at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as aside:
        try:
            np.savez(aside, **arrays)
            aside.flush()
            os.fsync(aside.fileno())
            os.replace(aside.name, file)
        except BaseException:
            Path(aside.name).unlink()
            raise


def state_of(training: "Training", epoch: int) -> dict[str, Any]:
    """Everything that decides how a stack goes on, by name."""
    recorder = training.recorder
    streams = {
        name: np.array([json.dumps(rng.bit_generator.state) for rng in rngs], np.str_)
        for name, rngs in training.streams.items()
    }
    return {
        "epoch": np.array(epoch),
        "active": training.active,
        "params": training.params.snapshot(),
        "measured": training.measured.snapshot(),
        "seconds": training.seconds,
        "reasons": np.array(recorder.reasons, np.str_),
        **{f"streams/{name}": states for name, states in streams.items()},
        **{f"state/{i}": array for i, array in enumerate(training.state)},
        **{f"recorder/{name}": getattr(recorder, name) for name in KEPT},
        **{f"curves/{name}": curve for name, curve in recorder.curves.items()},
    }


def restore(training: "Training", arrays: dict[str, Any], keys: Sequence[str]) -> int:
    """Put a state into a fresh stack of some of its runs, by their keys; returns its epoch."""
    known = {str(key): row for row, key in enumerate(arrays["keys"])}
    rows = [known[key] for key in keys]
    # First, since a stack that is half restored would train to other figures.
    for name, array in state_of(training, 0).items():
        if arrays[name].shape[1:] != array.shape[1:]:
            raise ValueError(f"{name} is {arrays[name].shape}")
    if "curves/train_loss" not in arrays:
        raise KeyError("curves")
    streams = [
        (stream, json.loads(str(arrays[f"streams/{name}"][row])))
        for name, own in training.streams.items()
        for stream, row in zip(own, rows, strict=True)
    ]
    training.seconds = arrays["seconds"][rows]
    recorder = training.recorder
    recorder.reasons = [str(arrays["reasons"][row]) for row in rows]
    for name in KEPT:
        setattr(recorder, name, arrays[f"recorder/{name}"][rows])
    recorder.curves = {
        name.removeprefix("curves/"): arrays[name][rows]
        for name in arrays
        if name.startswith("curves/")
    }
    for stream, state in streams:
        stream.bit_generator.state = state
    place = {row: position for position, row in enumerate(rows)}
    kept = np.array([i for i, row in enumerate(arrays["active"]) if int(row) in place], int)
    active = np.array([place[int(row)] for row in arrays["active"][kept]], int)
    state = tuple(arrays[f"state/{i}"][kept] for i in range(len(training.state)))
    training.go_on(active, arrays["params"][kept], arrays["measured"][kept], state)
    return int(arrays["epoch"])
