"""Progress bar of a training in a notebook."""

import sys
from collections.abc import Sequence
from importlib import import_module
from time import monotonic
from typing import Any

from nnbench.run.config import RunConfig
from nnbench.training.progress import Progress
from nnbench.training.state import Training

EVERY_SECONDS = 0.2
"""Time between two updates, each of which is a message to the browser."""


class NotebookProgress(Progress):
    """A bar of IPython's own, which needs no widgets, with a step for each epoch."""

    def __init__(self, epochs: int) -> None:
        super().__init__("", lambda name, message: None, EVERY_SECONDS)
        # By name, since it is there in notebooks alone.
        self.bar: Any = import_module("IPython.display").ProgressBar(epochs)
        self.bar.display()

    def tell(self, training: Training) -> None:
        """Move the bar, unless that was done a moment ago."""
        if monotonic() - self.sent >= self.every:
            self.bar.progress = int(training.done)
            self.sent = monotonic()

    def end(self) -> None:
        """Fill the bar: runs with patience, and those that diverged, end before their time."""
        self.bar.progress = self.bar.total


def progress_of(configs: Sequence[RunConfig]) -> NotebookProgress | None:
    """A progress bar if this is a notebook, where it has a place to be shown; else None."""
    # IPython is no dependency: in a notebook it has been loaded.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is None:
        return None
    return NotebookProgress(max(config.epochs for config in configs))
