"""The sweeps of an experiment: their commands and software versions."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from nnbench.run.errors import CUT_OFF
from nnbench.run.key_values import TITLE
from nnbench.safety.redaction import redacted
from nnbench.safety.shell import command_line
from nnbench.track.experiments import experiment_id
from nnbench.track.read_runs import VERSIONS
from nnbench.track.run_records import read_records
from nnbench.track.store import Store
from nnbench.track.stored_text import as_mapping, as_names

COMMAND = "nnbench.command"
"""Tag of a sweep's parent run."""


@dataclass(frozen=True)
class TrackedSweep:
    """A sweep as a whole, as a store keeps it."""

    run_id: str
    """The id of its parent run."""
    command: str
    """The command that repeats it."""
    versions: Mapping[str, str]
    """Software → its version, as it was trained; empty if it was tracked before that was kept."""
    compare: tuple[str, ...] = ()
    """The keys that its report was to compare, if they were named."""
    title: str | None = None
    """The question of its report in words, if one was named and is valid."""
    artifacts: str = ""
    """The address of its files."""


def read_sweeps(store: Store, experiment: str) -> list[TrackedSweep]:
    """The sweeps of an experiment, oldest first. Raises ConfigError if there is no such."""
    records = read_records(store, experiment_id(store, experiment), COMMAND)
    return [
        TrackedSweep(
            record.run_id,
            # One that an earlier version kept may have a password in it.
            typable(redacted(record.tags[COMMAND])),
            as_mapping(record.tags.get(VERSIONS), str),
            as_names(record.params.get("compare")),
            as_title(record.params.get("title")),
            record.artifact_uri,
        )
        for record in records
    ]


def as_title(text: str | None) -> str | None:
    """A stored title, if it is one that could be typed."""
    return text if text not in (None, "null") and TITLE(text) else None


def typable(command: str) -> str:
    """A command whose words are words to a shell: none of them ends it or begins another.

    One that was cut off is left as it is.
    """
    try:
        words = shlex.split(command)
    except ValueError:  # A quotation that has no end.
        return command
    return command if command.endswith(CUT_OFF) else command_line(words)


def sweep_name(command: str) -> str:
    """The name of a sweep: its settings, such as `depth=1,3,6`."""
    words = [word for word in shlex.split(command)[3:] if not word.startswith("-")]
    return " ".join(words)[:250] or "defaults"
