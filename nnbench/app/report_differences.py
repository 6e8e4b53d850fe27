"""Differences between two reports on the same question, as their report.json have it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any

SUBJECTS = ("groups", "contrasts", "trends", "rate_limits", "not_worse")
"""Lists of a report.json that are compared."""
NAMES = ("dataset", "value", "best", "reference", "key", "others")
"""Keys that say what an entry is about."""
IDENTITIES = frozenset(["run_ids"])
"""Keys of which each training has values of its own."""


@dataclass(frozen=True)
class Differences:
    """Lines on the verdicts and on the values that differ."""

    verdicts: list[str]
    values: list[str]

    @property
    def result(self) -> str:
        """The whole comparison in a word or two: same, same verdicts or differs."""
        if self.verdicts:
            return "differs"
        return "same verdicts" if self.values else "same"


def differences(stored: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    """Compare two reports; what they say of costs and of single runs isn't compared."""
    verdicts, values = [], []
    for subject in SUBJECTS:
        before, after = by_name(stored, subject), by_name(new, subject)
        for name in dict.fromkeys([*before, *after]):
            own, new_own = before.get(name), after.get(name)
            label = f"{subject}: {name}"
            if own is None or new_own is None:
                verdicts.append(f"{label}: only {'now' if own is None else 'stored'}")
                continue
            verdicts += [f"{label}: {line}" for line in verdict_lines(own, new_own)]
            values += [f"{label}: {line}" for line in value_lines(own, new_own)]
    return Differences(verdicts, values)


def by_name(data: Mapping[str, Any], subject: str) -> dict[str, Mapping[str, Any]]:
    """The entries of a subject of a report, by what they are about."""
    entries = data.get(subject)
    named: dict[str, Mapping[str, Any]] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            named[", ".join(words(entry))] = entry
    return named


def words(entry: Mapping[str, Any]) -> Iterator[str]:
    """Words on what an entry is about, such as digits, depth=3."""
    for key in NAMES:
        value = entry.get(key)
        if isinstance(value, dict):
            yield from (f"{name}={text(setting)}" for name, setting in sorted(value.items()))
        elif value is not None:
            yield f"to {text(value)}" if key == "reference" else text(value)


def text(value: object) -> str:
    """A value in words."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def verdict_lines(stored: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Verdicts that differ: outcomes, courses, sets of the best, and choices of settings."""
    for key in ("outcome", "course", "not_worse"):
        before, after = stored.get(key), new.get(key)
        if before != after and not isinstance(before, dict):
            yield f"{key} {text(before)} stored, {text(after)} now"


def value_lines(stored: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """One line on the values of an entry that differ, with the largest difference."""
    before, after = dict(leaves(stored)), dict(leaves(new))
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not differing:
        return
    sizes = {name: size(before.get(name), after.get(name)) for name in differing}
    largest = max(sizes, key=lambda name: sizes[name])
    yield (
        f"{len(differing):,} of {len({**before, **after}):,} values differ, the most {largest}: "
        f"{text(before.get(largest))} stored, {text(after.get(largest))} now"
    )


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """The plain values within a value, each with its path."""
    if isinstance(value, dict):
        inner: Any = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        yield path, value
        return
    for key, nested in inner:
        if key not in IDENTITIES:
            yield from leaves(nested, f"{path}.{key}" if path else str(key))


def size(before: object, after: object) -> float:
    """Absolute difference of two numbers; infinite for anything else."""
    if isinstance(before, int | float) and isinstance(after, int | float):
        with suppress(OverflowError):
            return abs(float(before) - float(after))
    return inf
