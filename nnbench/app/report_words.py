"""Settings of a report as fields of its question, and as words of the command that repeats it."""

import os
from collections.abc import Sequence
from typing import Any

from nnbench.options import catalogue
from nnbench.options.overrides import as_word, override
from nnbench.run.config import SweepConfig
from nnbench.safety.redaction import redacted
from nnbench.safety.shell import command_line
from nnbench.track.address import sqlite_file, store_uri
from nnbench.track.sweeps import TrackedSweep

ASKED = (
    "name",
    "title",
    "where",
    "reference",
    "metric",
    "budget",
    "target",
    "equivalence",
    "equal_budgets",
    "formats",
)
"""Keys of a sweep that decide a report."""

NARROWING = ("where", "reference", "metric", "target")
"""Keys whose values runs may turn out not to have."""


def is_narrowed(sweep: SweepConfig) -> bool:
    """True if a sweep asks for something that runs may turn out not to have."""
    return any(getattr(sweep, key) is not None for key in NARROWING)


def asked(sweep: SweepConfig) -> dict[str, Any]:
    """Report settings of a sweep, as fields of a `Question`."""
    fields = {key: getattr(sweep, key) for key in ASKED if key != "name"}
    return fields | {"where": sweep.where or {}}


def recalled_title(
    sweep: SweepConfig, keys: Sequence[str], sweeps: Sequence[TrackedSweep]
) -> str | None:
    """Title of a report: the typed one, or that of the newest sweep that asked the same."""
    same = (
        tracked.title
        for tracked in reversed(sweeps)
        if tracked.title and tracked.compare == tuple(keys)
    )
    return sweep.title or (None if sweep.metric else next(same, None))


def words(sweep: SweepConfig, keys: Sequence[str]) -> list[str]:
    """Words of the command that writes the same report again."""
    compare = keys[0] if len(keys) == 1 else f"[{','.join(keys)}]"
    usual = catalogue.written(catalogue.ROOT / "conf" / "config.yaml")
    changed = {key: getattr(sweep, key) for key in ASKED if getattr(sweep, key) != usual[key]}
    return [
        "report",
        override("experiment", sweep.experiment),
        f"compare={compare}",
        *(f"{key}={as_word(value)}" for key, value in changed.items()),
        *(f"+sections.{name}={as_word(value)}" for name, value in sweep.sections.items()),
    ]


def with_store(words: Sequence[str], sweep: SweepConfig, *, relative: bool = False) -> str:
    """A command line for the store in use, which it names unless it is the default.

    With `relative` as a report has it, which is read on other machines: a file by its path from
    here.
    """
    uri = sweep.tracking.option("uri")
    address = store_uri(uri) if uri else ""
    file = sqlite_file(address)
    if relative and file is not None:
        address = f"sqlite:///{os.path.relpath(file)}"
    settings = [override("tracking.uri", address)] if uri else []
    return redacted(command_line(["python", "-m", "nnbench", *words, *settings]))
