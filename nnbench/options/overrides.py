"""Settings as words of a command line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from nnbench.run.errors import ConfigError

ALIASES = {"macs": "flops"}
"""Other name of a key → its name in configurations and stores."""

TYPED: ContextVar[Sequence[str]] = ContextVar("TYPED", default=())
"""Words of the command line that the program was given, before `with_names`."""

NAMING = {
    "compare": r"()(?<![\w.-]){}(?![\w.-])",
    "budget": r"()(?<![\w.-]){}(?![\w.-])",
    "where": r"([{{,]\s*){}(?=\s*:)",
}
"""Key whose value names keys → pattern of what comes before a name, and the name."""


def with_names(word: str) -> str:
    """The word of a command line with keys under the names that they are stored with."""
    key, equals, value = word.partition("=")
    for alias, name in ALIASES.items():
        key = re.sub(rf"^([+~]*){alias}$", rf"\1{name}", key)
        if pattern := NAMING.get(key.lstrip("+")):
            value = re.sub(pattern.format(alias), rf"\1{name}", value)
    return key + equals + value


def as_typed(text: str, words: Iterable[str] = ()) -> str:
    """The text with keys under the alias that words use, or those that the program was given."""
    for alias, name in ALIASES.items():
        # An alias that is replaced nowhere is a word of something else.
        if any(alias in word and with_names(word) != word for word in words or TYPED.get()):
            text = re.sub(rf"(?<![\w.-]){name}(?![\w.-])", alias, text)
    return text


@contextmanager
def aliases_in_errors(words: Iterable[str] = ()) -> Iterator[None]:
    """Name keys in errors as they were typed; see `as_typed`."""
    try:
        yield
    except ConfigError as error:
        error.args = tuple(as_typed(str(text), words) for text in error.args)
        raise


def split_override(override: str) -> tuple[str, str]:
    """Key and value of an override."""
    key, _, value = override.lstrip("+~").partition("=")
    return key, value


def override(key: str, value: str, *, always: bool = False) -> str:
    """A word that sets `key` to the text `value`, quoted where it needs it, or `always`."""
    if not always and re.fullmatch(r"[\w./:+@%*?|-]+", value):
        return f"{key}={value}"
    escaped = re.sub(r"(\\*)'", r"\1\1\\'", value)
    # Before the closing quote, too.
    escaped = re.sub(r"\\+$", r"\g<0>\g<0>", escaped)
    return f"{key}='{escaped}'"


def as_word(value: object) -> str:
    """A setting as Hydra reads it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {as_word(first)}" for key, first in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_word, value)) + "]"
    if isinstance(value, str):
        return override("", value).removeprefix("=")
    return "null" if value is None else str(value)
