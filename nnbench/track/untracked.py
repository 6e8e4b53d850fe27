"""What stands in for a tracker where runs are not tracked."""

from pathlib import Path

from nnbench.data.dataset import Dataset
from nnbench.record import RunResult


class Untracked:
    """Takes everything a tracker takes, and keeps nothing."""

    store = None

    def log(self, result: RunResult, key: str, data: Dataset | None) -> None:
        """Forget a run."""

    def attach(self, directory: Path, name: str) -> None:
        """Forget files."""

    def describe(self, text: str) -> None:
        """Forget a text."""
