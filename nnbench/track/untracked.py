"""The stand-in for a tracker where runs are not tracked."""

from dataclasses import dataclass
from pathlib import Path

from nnbench.data.dataset import Dataset
from nnbench.run.result import RunResult
from nnbench.track.store import Store


@dataclass(frozen=True)
class Untracked:
    """Takes everything a tracker takes, and keeps nothing."""

    store: Store | None = None
    """The store of earlier runs, if there are any."""
    sweep_id: str | None = None
    """None, since there is no new sweep."""
    unlogged: int = 0
    failing: bool = False
    trouble: str = ""
    outbox: Path = Path()

    def log(self, result: RunResult, key: str, data: Dataset | None) -> None:
        """Forget a run."""

    def show(self, result: RunResult, key: str, data: Dataset | None) -> None:
        """Forget how far a run has come."""

    def recover(self) -> None:
        """Nothing waits."""
