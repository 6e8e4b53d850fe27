"""Options of components: those that ship have the kind that their class and their file say."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, reduce
from inspect import Parameter, signature
from math import isfinite
from operator import or_
from typing import Any

from nnbench.options.catalogue import SETTLED, file_of, names, option
from nnbench.options.components import common_options_checked, locate
from nnbench.options.keys import OF_RUNS
from nnbench.options.kinds import arms, conform, name_of, plain
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError, InvalidRunError

MISSING = "???"
"""Value, in a file, of what must be set."""


def typed(group: str, chosen: Component) -> Component:
    """The component with each option in its kind, as 1000 for 1e3; one of a user's as it is.

    Raises ConfigError for an option that is of another kind, InvalidRunError if only runs have it.
    """
    error = InvalidRunError if group in OF_RUNS else ConfigError
    types = kinds(group, chosen.name, chosen.target)
    chosen = common_options_checked(group, chosen)
    if types is None:
        return chosen
    options = dict(chosen.options or {})
    for key, value in options.items():
        named = f"{group}.{key}"
        if not chosen.target and key not in types:
            raise ConfigError(named, value, f"{chosen.name} has no such option, see conf/{group}")
        if key not in types or key in SETTLED.get(group, ()) or value == MISSING:
            continue
        try:
            options[key] = conform(types[key], value)
        except TypeError:
            raise error(named, value, f"must be {name_of(types[key])}") from None
        if isinstance(value, float) and not isfinite(value):
            raise error(named, value, "must be a finite number")
    return replace(chosen, options=options)


@cache
def kinds(group: str, name: str, target: str) -> Mapping[str, Any] | None:
    """Option → its kind, of a component that ships; None for any other."""
    own = option(group, name) if name in shipped_names(group) else None
    # Its own file first, since reading those of all components takes an eighth of a second.
    if (own is None or own.target != target) and target not in shipped_targets(group):
        return None
    usual = dict(own.options or {}) if own and own.target == target else {}
    called = signature(locate(group, Component(name, target)), eval_str=True) if target else None
    hints = {
        key: parameter.annotation
        for key, parameter in (called.parameters if called else {}).items()
        if parameter.kind is not Parameter.VAR_KEYWORD
    }
    return {key: kind(hints.get(key), usual.get(key)) for key in {**hints, **usual}}


def shipped_names(group: str) -> list[str]:
    """The options of a config group that have a file."""
    return [name for name in (*names(group), "auto") if file_of(group, name).is_file()]


@cache
def shipped_targets(group: str) -> set[str]:
    """The classes and functions that the files of a config group name."""
    return {option(group, name).target for name in shipped_names(group)}


def kind(hint: Any, usual: object) -> Any:
    """The kind of an option: what its parameter is annotated with, else that of its usual value.

    Where that is null, it may be text. A whole number is left as it is where any number may be.
    """
    plain_arms = [arm for arm in arms(hint) if plain(arm) is not None] if hint is not None else []
    if not plain_arms:
        plain_arms = [str, type(None)] if usual is None else [type(usual)]
    return reduce(or_, [int, *plain_arms] if float in plain_arms else plain_arms)
