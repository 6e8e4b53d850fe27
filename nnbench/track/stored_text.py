"""Texts of a store: written as any database takes them, read as untrusted data."""

import json
from pathlib import Path
from typing import Any

import yaml

from nnbench.safety.redaction import redacted

LONGEST_FILE = 2**20
"""Bytes of a configuration; ours have 2,000."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


LONGEST = 5000
"""Characters of a text that are kept; no database of MLflow's takes 8,000."""


class ManyTimesError(yaml.YAMLError):
    """A value that stands in several places: written out it may have any size."""


def storable(text: str, longest: int = LONGEST, mark: str = "") -> str:
    """A text as any database takes it: not too long, without NUL and halves of characters.

    Passwords are left out of it. With a mark at its end if it was cut off.
    """
    whole = redacted(text).replace("\0", "").encode(errors="replace").decode()
    return whole if len(whole) <= longest else whole[: longest - len(mark)] + mark


def as_mapping(text: str | None, kind: type | tuple[type, ...]) -> dict[str, Any]:
    """Name → value, of the JSON of a tag; without values of other kinds.

    Empty for anything else.
    """
    try:
        values = json.loads(text or "{}")
    except (ValueError, RecursionError, TypeError):
        return {}
    pairs = values.items() if isinstance(values, dict) else ()
    return {
        name: value
        for name, value in pairs
        if isinstance(value, kind) and not isinstance(value, bool)
    }


def as_names(text: str | None) -> tuple[str, ...]:
    """The name, or the one or two of a list, that a parameter has as YAML; empty for others."""
    try:
        values = of_yaml(text or "null")
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    names = values if isinstance(values, list) else [values]
    return tuple(names) if all(isinstance(name, str) for name in names) and len(names) < 3 else ()


def of_yaml(text: str) -> Any:
    """The values of a YAML text, of plain kinds, each in one place.

    Raises yaml.YAMLError, ValueError or RecursionError.
    """
    for token in yaml.scan(text, LOADER):
        if isinstance(token, yaml.AliasToken):
            raise ManyTimesError("a value stands in several places")
    values = yaml.safe_load(text)
    # Whole numbers of thousands of digits can be read and never written, which this raises for.
    json.dumps(values, default=str, skipkeys=True)
    return values


def of_yaml_file(file: Path) -> Any:
    """The values of a small YAML file. Raises OSError as well."""
    with file.open("rb") as stream:
        content = stream.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise ValueError(f"{file} has more than {LONGEST_FILE:,} bytes")
    return of_yaml(content.decode("utf-8"))
