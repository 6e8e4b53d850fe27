"""Checks of the words of a command line, one by one, before Hydra composes them."""

import re
from collections.abc import Sequence
from contextlib import suppress
from math import inf
from typing import Any

from hydra.core.override_parser.types import ChoiceSweep, Glob, Override, OverrideType

from nnbench.composition.hydra_errors import explained, parsed
from nnbench.options.catalogue import names
from nnbench.options.keys import GROUPS, KEYS
from nnbench.options.overrides import split_override
from nnbench.run.errors import NO_VALUE, ConfigError, excerpt, suggestion


def check_words(words: Sequence[str]) -> None:
    """Raise ConfigError for the first word that can be no setting, whatever the others are."""
    refuse_two_sizes(words)
    for word in words:
        key, _, value = word.partition("=")
        if number := beyond_floats(value):
            raise ConfigError(key, value, f"{number} is beyond the range of floating-point numbers")
        if not word.startswith("~") and (not key.strip("+") or "=" not in word):
            raise ConfigError(word, NO_VALUE, "invalid setting; write key=value")
        with explained([word]):
            setting = parsed(word)
        name = setting.key_or_group
        if name == "sweeps" and setting.type is not OverrideType.ADD:
            raise ConfigError(key, value, f"needs one plus: +{excerpt(word.lstrip('+~'))}")
        refuse_sign(setting, key, value)
        if name == "hydra":
            raise ConfigError(key, value, "invalid setting; set a key below it: hydra.job.name")
        group, _, option = name.partition(".")
        if group in GROUPS and option == "name":
            raise ConfigError(key, value, f"this name is fixed; {group}=… chooses another option")
        choosing = name in (*GROUPS, "sweeps") and setting.type is not OverrideType.DEL
        if choosing and not names_files(setting):
            raise ConfigError(key, value, suggestion(value, names(name)))


def refuse_sign(setting: Override, typed: str, value: str) -> None:
    """Raise ConfigError if a sign before a key that exists adds or deletes it."""
    name, kind = setting.key_or_group, setting.type
    if kind is OverrideType.DEL and name in KEYS:
        text = f"{typed}={value}" if value else typed
        raise ConfigError(text, NO_VALUE, f"{name} must have a value; {name}=VALUE changes it")
    adds = (kind is OverrideType.FORCE_ADD and name in GROUPS) or kind is OverrideType.ADD
    if adds and name in KEYS:
        raise ConfigError(typed, value, f"{name} exists; write {name}={excerpt(value)}")


def refuse_two_sizes(words: Sequence[str]) -> None:
    """Raise ConfigError if both a width and a size that the width is solved for are set."""
    values = dict(map(split_override, words))
    for key in ("params", "flops"):
        if "width" in values and "null" not in values.get(key, "null"):
            advice = f"{key}={excerpt(values[key])} solves for the width; set one of the two"
            raise ConfigError("width", values["width"], advice)


def beyond_floats(value: str) -> str:
    """The first number of a text that floats hold as 0 or infinite, which it isn't; else empty."""
    for number in re.findall(r"(?<![\w.])[+-]?[\d.]*\d\.?e[+-]?\d+(?![\w.])", value, re.IGNORECASE):
        with suppress(ValueError):
            size = abs(float(number))
            if size == inf or (size == 0 and re.search("[1-9]", re.split("[eE]", number)[0])):
                return str(number)
    return ""


def names_files(setting: Override) -> bool:
    """True if a setting chooses one or several files of a config group."""
    value = setting.value()
    values = value.list if isinstance(value, ChoiceSweep) else [value]
    return all(isinstance(name, Glob) or isinstance(text(name), str) for name in values)


def text(value: Any) -> Any:
    """A value of Hydra's without its quotes."""
    return getattr(value, "text", value)
