"""The targets of stored configurations that may be used: shipped ones, and those the user names.

A store, a model or a file may name any function of any package. Nothing of that is imported unless
`conf/` ships it for the same group, or the user has named it: in the words of this very command, in
its key `trust`, or in NNBENCH_TRUST.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE / "_data" if (PACKAGE / "_data").is_dir() else PACKAGE.parent
"""The folder that holds conf/ and sweeps/: inside the package when installed from a wheel."""

VARIABLE = "NNBENCH_TRUST"
"""Environment variable with the targets that are trusted, separated by commas."""

ANY = ""
"""The group of a target that is trusted wherever it stands."""

NAMED: set[tuple[str, str]] = set()
"""Group and target of all that the user of this process has named."""


def allow(targets: Iterable[tuple[str, str]]) -> None:
    """Trust targets, each in its group, for as long as this process lives."""
    NAMED.update(targets)


def is_trusted(group: str, target: str) -> bool:
    """True if a stored configuration may use a target as an option of a group."""
    named = {(group, target), (ANY, target)} & NAMED
    return bool(named) or target in shipped(group) or target in from_environment()


def named() -> frozenset[tuple[str, str]]:
    """All that this process's user has named, for processes that work for this one."""
    return frozenset(NAMED | {(ANY, target) for target in from_environment()})


def from_environment() -> set[str]:
    """The targets that NNBENCH_TRUST names."""
    return {target.strip() for target in os.environ.get(VARIABLE, "").split(",")} - {""}


@cache
def shipped(group: str) -> frozenset[str]:
    """The targets that the files of a config group name, each exactly as it stands there."""
    files = (ROOT / "conf" / group).glob("*.yaml")
    values = [yaml.safe_load(file.read_text("utf-8")) for file in files]
    return frozenset(str(value["_target_"]) for value in values if value and "_target_" in value)
