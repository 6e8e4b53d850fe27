"""The question a report is asked, and its answer."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nnbench.pages import Answer, Page
from nnbench.pages.notebook import in_notebook
from nnbench.run.config import Component, Scalar
from nnbench.run.errors import CUT_OFF
from nnbench.run.metrics import RATE_LIMIT
from nnbench.safety.sanitize import is_neutral

MOST_COMMANDS = 3
"""Most commands that a reader would type one after the other."""


NOUNS = {"batch_size": "batch size", "lr": "learning rate", "weight_decay": "weight decay"}
"""Key → its name in a sentence, where it isn't the key itself."""


@dataclass(frozen=True)
class Question:
    """The question: which value of a key is best, on the runs of an experiment."""

    experiment: str
    """Name of the experiment; any text, since a user chose it."""
    keys: tuple[str, ...]
    """The key whose values are compared, such as depth, or two of them."""
    commands: tuple[str, ...]
    """The commands that asked for the runs, one a sweep."""
    report_command: str
    """The command that writes the report again."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Reason why requested runs were left out → how many; of several sweeps, the most."""
    title: str | None = None
    """The question in words; None: in those of the compared keys."""
    where: Mapping[str, Scalar | list[Scalar]] = field(default_factory=dict)
    """Key → the value, or values, that the runs have which this is about."""
    reference: object = None
    """The value that the others are compared with; None: the usual one."""
    metric: str | None = None
    """Such as test_accuracy; None: what the task is measured by."""
    budget: str | None = None
    """Budget in which training costs are counted; None: those that differ."""
    target: float | None = None
    """Validation score that runs are to reach; None: what half of the runs of the data reach."""
    equivalence: float = 0.005
    """A difference up to this does not matter in practice."""
    equal_budgets: bool = True
    """True if all values get the same number of settings to choose from."""
    formats: Sequence[str] = ("svg", "csv")
    """Formats of the files of charts and tables."""
    sections: Mapping[str, Component] = field(default_factory=dict)
    """Sections in the order of reading, each by its name."""
    ui: str = ""
    """Address of a run in MLflow's UI, with `{run_id}` for its id; empty unless others reach it."""
    ui_command: str = ""
    """Command that serves the UI there; empty for a server, which has its own."""
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Sweep → software → its version, as the runs were trained."""

    @property
    def compare(self) -> str:
        """The compared keys, in words."""
        return " and ".join(self.keys)

    @property
    def command(self) -> str:
        """Commands that train all the runs again, a line for each sweep; empty if not typeable."""
        can_be_typed = len(self.commands) <= MOST_COMMANDS and all(map(is_whole, self.commands))
        return "\n".join(self.commands) if can_be_typed else ""

    @property
    def in_words(self) -> str:
        """The question in words."""
        if self.title:
            return self.title
        if self.metric == RATE_LIMIT:
            return f"At which learning rates does each {self.keys[-1]} train?"
        if self.keys == ("depth",):
            return "What is depth worth?"
        nouns = list(map(noun_of, self.keys))
        if len(nouns) == 1:
            return f"Which {nouns[0]} is best?"
        if isinstance(self.reference, list):
            return f"Which combination of {' and '.join(nouns)} is best?"
        first, second = nouns
        return f"Which {second} is best for each {first}?"


def noun_of(key: str) -> str:
    """The key in a sentence."""
    return NOUNS.get(key, key)


def quantity_of(key: str) -> str:
    """The key in a sentence on how large it is."""
    return f"the {noun_of(key)}" if key in ("batch_size", "lr") else noun_of(key)


def is_whole(command: str) -> bool:
    """True if a command runs as it was tracked: long ones were cut off, and tags are editable."""
    try:
        words = shlex.split(command)
    except ValueError:  # A quotation that has no end.
        return False
    # Commands stand in a line each.
    one_line = len(command.splitlines()) == 1 and is_neutral(command)
    whole = one_line and not command.endswith(CUT_OFF)
    # What trains a report's runs again takes no other settings of them.
    return whole and words[:3] == ["python", "-m", "nnbench"] and words[3:4] != ["reproduce"]


@dataclass(frozen=True)
class Report:
    """The files of a report, and its verdicts."""

    page: Path
    """index.html, one file that works offline."""
    readme: Path
    """README.md, the same for a code host."""
    answer: Answer
    verdicts: tuple[str, ...]
    """Sentences of plain text."""
    description: str = ""
    """The same as Markdown, under a heading."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Name of a metric of the sweep as a whole → its value."""
    example: str = ""
    """Id of a run at the best setting of the best value, to be inspected."""
    missing: tuple[str, ...] = ()
    """The files that could not be written, each with the reason, a line each."""
    content: Page | None = field(default=None, repr=False, compare=False)
    """The page before it was written, for a notebook."""

    def _repr_html_(self) -> str | None:
        return in_notebook(self.content, str(self.page)) if self.content else None
