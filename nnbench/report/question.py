"""What a report is asked, and what it answers."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """What is asked: which value of a key is best, on the runs of an experiment."""

    experiment: str
    """Name of the experiment; any text, since a user chose it."""
    compare: str
    """The key whose values are compared, such as depth."""
    command: str
    """The command that trains the runs again."""
    report_command: str
    """The command that writes the report again."""

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
