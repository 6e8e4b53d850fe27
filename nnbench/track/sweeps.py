"""The sweeps of an experiment: what asked for them, and with what they were trained."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from nnbench.redaction import redacted
from nnbench.track.read import VERSIONS, experiment_id
from nnbench.track.records import search_all
from nnbench.track.store import Store

COMMAND = "nnbench.command"
"""Tag of a sweep's parent run."""


@dataclass(frozen=True)
class TrackedSweep:
    """What a store holds of a sweep as a whole."""

    run_id: str
    """Of its parent run."""
    command: str
    """What asks for it again."""
    versions: Mapping[str, str]
    """Software → its version, as it was trained; empty if it was tracked before that was kept."""
    compare: tuple[str, ...] = ()
    """The keys that its report was to compare, if they were named."""


def read_sweeps(store: Store, experiment: str) -> list[TrackedSweep]:
    """The sweeps of an experiment, oldest first. Raises ConfigError if there is no such."""
    runs = search_all(store, experiment_id(store, experiment), f"tags.`{COMMAND}` != ''")
    return [
        TrackedSweep(
            str(run.info.run_id),
            # One that an earlier version kept may have a password in it.
            redacted(run.data.tags[COMMAND]),
            json.loads(run.data.tags.get(VERSIONS, "{}")),
            names(run.data.params.get("compare")),
        )
        for run in runs
    ]


def names(param: str | None) -> tuple[str, ...]:
    """The key, or keys, that a parameter has as its text."""
    found = yaml.safe_load(param or "null") or ()
    return (found,) if isinstance(found, str) else tuple(found)
