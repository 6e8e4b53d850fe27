"""What a report is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """What is asked: which value of a key is best, on the runs of an experiment."""

    experiment: str
    """Name of the experiment; any text, since a user chose it."""
    compare: str
    """The key whose values are compared, such as depth."""
    commands: tuple[str, ...]
    """The commands that asked for the runs, one a sweep."""
    report_command: str
    """The command that writes the report again."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Why runs that were asked for were left out → how many; of several sweeps, the most."""

    @property
    def command(self) -> str:
        """The command that trains all the runs again; nothing where it takes several."""
        return self.commands[0] if len(self.commands) == 1 else ""

    @property
    def title(self) -> str:
        """The question in words."""
        if self.compare == "depth":
            return "What is depth worth?"
        return f"Which {self.compare} is best?"


@dataclass(frozen=True)
class Report:
    """Where a report is, and what it says first."""

    page: Path
    """index.html, one file that works offline."""
    readme: Path
    """README.md, the same for a code host."""
    verdicts: tuple[str, ...]
    """Sentences of plain text."""
