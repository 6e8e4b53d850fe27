"""Progress of a stack, sent every few seconds to the process that waits for it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import Any

import numpy as np

from nnbench.run.config import RunConfig
from nnbench.run.result import History, RunResult
from nnbench.training.state import Training

SEND_SECONDS = 5.0
"""Seconds between two messages; a stack that ends sooner sends none."""


@dataclass
class Progress:
    """The name under which a stack sends its progress, and the function that delivers it."""

    name: str
    send: Callable[[str, bytes], None]
    every: float = SEND_SECONDS
    sent: float = field(default_factory=monotonic)
    """Time of the last message, on the clock of the training process."""

    def begin(self) -> None:
        """Wait from now on."""
        self.sent = monotonic()

    def tell(self, training: Training) -> None:
        """Send the curves so far, unless that was done a moment ago."""
        if monotonic() - self.sent < self.every:
            return
        # If a message is not accepted, training goes on; what else may go
        # wrong with sending depends on whose way it is, and is never worth a stack.
        with suppress(Exception):
            self.send(self.name, pack(training))
        self.sent = monotonic()


def pack(training: Training) -> bytes:
    """Progress of all runs of a stack, as one file of plain arrays."""
    recorder = training.recorder
    done_epochs = int(recorder.last_epoch.max()) + 1
    arrays: Mapping[str, Any] = {
        "last_epoch": recorder.last_epoch,
        "seconds": training.seconds,
        "share": training.done / training.epochs,
        **{f"curves/{name}": curve[:, :done_epochs] for name, curve in recorder.curves.items()},
    }
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def unpack(message: bytes, configs: Sequence[RunConfig]) -> list[RunResult]:
    """The running stack of which `pack` made a message; nothing in it is ever executed.

    What goes on in the layers is not in it.
    """
    with np.load(BytesIO(message), allow_pickle=False) as arrays:
        curves = {
            name.removeprefix("curves/"): arrays[name]
            for name in arrays
            if name.startswith("curves/")
        }
        ends, seconds = arrays["last_epoch"] + 1, arrays["seconds"]
        share = float(arrays["share"])
    results = []
    for run, config in enumerate(configs):
        history = History(
            epochs=np.arange(ends[run]),
            curves={name: curve[run, : ends[run]] for name, curve in curves.items()},
            layers=(),
            moments=np.empty(0, int),
            layer_statistics={},
        )
        result = RunResult(config, "running", history, seconds=float(seconds[run]), share=share)
        results.append(result)
    return results
