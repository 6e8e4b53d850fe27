"""A stack in the middle of its training, as one file of plain arrays."""

import json
import re
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic
from typing import IO, Any

import numpy as np

from nnbench.optim.optimizer import arrays_of, map_arrays
from nnbench.system import archive, atomic, leftovers
from nnbench.training.state import Training

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
"""Fields of a recorder that a checkpoint keeps, beside its curves and reasons."""

DAMAGE = (OSError, ValueError, KeyError, TypeError, IndexError)
"""Errors that a damaged or foreign checkpoint raises."""

NAME = r"[0-9a-f]{24}"
"""Pattern of checkpoints' names; a directory may hold other files too."""


@dataclass
class Checkpoint:
    """File in which a stack keeps its state, and the seconds between two states."""

    file: Path
    keys: Sequence[str]
    """The keys of the stack's runs, in their order."""
    every: float
    """Seconds between two checkpoints."""
    saved: float = 0.0
    """Time of the last checkpoint."""
    held: IO[bytes] | None = None
    """The file's name while it is in use."""

    def begin(self, training: Training) -> int:
        """Bring a fresh stack to where it was; returns the epochs that it has behind it."""
        self.saved = monotonic()
        try:
            self.hold(self.file.open("r+b"))
            return restore(training, archive.read(self.file), self.keys)
        except DAMAGE:
            self.release()
            return 0

    def keep(self, training: Training, epoch: int) -> None:
        """Write a checkpoint if it is time to."""
        if monotonic() - self.saved < self.every:
            return
        arrays = dict(state_of(training, epoch), keys=np.array(self.keys, np.str_))
        # If the disk is full, training goes on; only a restart would take longer.
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.hold(archive.write(self.file, arrays))
        self.saved = monotonic()

    def hold(self, stream: IO[bytes]) -> None:
        """Say that a file is in use, instead of an earlier one."""
        self.release()
        self.held = stream
        with suppress(OSError):
            leftovers.lock(stream.fileno())

    def release(self) -> None:
        """Say that the file is not in use any more."""
        if self.held is not None:
            self.held.close()
            self.held = None

    def remove(self) -> None:
        """Forget the state; the runs have been logged."""
        self.file.unlink(missing_ok=True)
        with suppress(OSError):
            # Others may still have theirs there.
            self.file.parent.rmdir()


def find_checkpoints(directory: Path) -> Iterator[tuple[Path, list[str], str]]:
    """The checkpoints that lie in a directory, with the keys of their runs.

    Of a damaged one there are none, but what is wrong with it.
    """
    for file in files(directory, r"\.npz"):
        try:
            yield file, [str(key) for key in archive.read(file)["keys"]], ""
        except FileNotFoundError:  # Another process has just removed it.
            continue
        except DAMAGE as error:
            yield file, [], str(error)


def remove_needless(directory: Path, ended: Container[str]) -> None:
    """Remove the checkpoints of runs that have all ended, damaged ones and those cut off.

    What a live process trains from, or is writing, is left alone.
    """
    needless = [
        file for file, keys, _ in find_checkpoints(directory) if all(k in ended for k in keys)
    ]
    for file in [*needless, *files(directory, atomic.PART)]:
        with suppress(OSError):
            leftovers.remove_if_dead(file)
    with suppress(OSError):
        directory.rmdir()


def files(directory: Path, ending: str) -> list[Path]:
    """The files in a directory that are called as checkpoints are, with such an ending."""
    if not directory.is_dir():
        return []
    return sorted(file for file in directory.iterdir() if re.fullmatch(NAME + ending, file.name))


def state_of(training: Training, epoch: int) -> dict[str, Any]:
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
        **{f"state/{i}": array for i, array in enumerate(arrays_of(training.state))},
        **{f"recorder/{name}": getattr(recorder, name) for name in KEPT},
        **{f"curves/{name}": curve for name, curve in recorder.curves.items()},
    }


def restore(training: Training, arrays: dict[str, Any], keys: Sequence[str]) -> int:
    """Put a state into a fresh stack of some of its runs, by their keys; returns its epoch."""
    row_of = {str(key): row for row, key in enumerate(arrays["keys"])}
    rows = [row_of[key] for key in keys]
    # First, since a stack that is half restored would train to other results.
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
    saved_rows = np.array([i for i, row in enumerate(arrays["active"]) if int(row) in place], int)
    active = np.array([place[int(row)] for row in arrays["active"][saved_rows]], int)
    saved = (arrays[f"state/{i}"][saved_rows] for i in count())
    state = map_arrays(lambda _: next(saved), training.state)
    training.go_on(active, arrays["params"][saved_rows], arrays["measured"][saved_rows], state)
    return int(arrays["epoch"])
