"""Values that Hydra's grammar refuses: what is wrong with them, and how to quote them."""

import re

from nnbench.options.overrides import override
from nnbench.run.errors import excerpt
from nnbench.safety import shell


def unparsed(key: str, value: str) -> str:
    """Reason why Hydra can't parse a value, or how to quote it."""
    if not key.isascii():
        return f"{key.partition('.')[0]} has no such option; names of options are ASCII"
    if is_open(value):
        return "a bracket is not closed"
    if re.search(r"(^|[,\[])\s*,|,\s*$", value):
        return "a value is missing before or after a comma"
    return f"invalid; quoted for the shell and for Hydra: {for_shell(key, value)}"


def is_open(value: str) -> bool:
    """True if a value has more opening than closing brackets."""
    return any(value.count(start) > value.count(end) for start, end in ("[]", "{}", "()"))


def for_shell(key: str, value: str) -> str:
    """A word that sets `key` to what was meant by one that Hydra can't read, for the shell."""
    return shell.quoted(excerpt(readable(key, value)))


def readable(key: str, value: str) -> str:
    """A word that sets `key` to what was meant by one that Hydra can't read."""
    if value[:1] + value[-1:] == "[]":
        items = (override("", item.strip(" '\"")) for item in value[1:-1].split(","))
        return f"{key}=[{','.join(item.removeprefix('=') for item in items)}]"
    return override(key, value.strip("'\""))
