"""Components of a configuration made into objects; the only place that instantiates."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from pkgutil import resolve_name
from traceback import walk_tb
from typing import Any

import numpy as np

from nnbench.allowed import Allowed, whole
from nnbench.options import trust
from nnbench.options.kinds import conform
from nnbench.run.config import Component, RunConfig, StoredTarget
from nnbench.run.errors import ConfigError, InvalidRunError, ProgramEndedError
from nnbench.run.key_values import is_path
from nnbench.safety.error_text import one_line
from nnbench.safety.redaction import redacted
from nnbench.system.early_exits import contained
from nnbench.system.limits import LimitError

LIBRARIES = {"nnbench", "numpy", "scipy", "sklearn", *sys.stdlib_module_names}
"""Packages whose lines do not locate an error in a user's class."""


COMMON: dict[str, dict[str, Allowed]] = {"dataset": {"train_rows": whole(1).or_null("for all")}}
"""Options that all components of a group have, and that are read here instead of passed to them."""


def make(key: str, component: Component, **arguments: Any) -> Any:
    """Call the class or function of a component with its options and `arguments`.

    Raises ConfigError, naming the key, if there is no such thing; InvalidRunError, naming the
    option where that is known, if its options are invalid.
    """
    target = locate(key, component)
    with explained(key, component):
        return target(**{**(component.without(*COMMON.get(key, ())).options or {}), **arguments})


@contextmanager
def explained(
    key: str, component: Component, kind: type[InvalidRunError] = InvalidRunError
) -> Iterator[None]:
    """Turn what a component raises of its options into an error that names the option."""
    try:
        with contained():
            yield
    except LimitError as error:
        raise error.of(key) from error
    except Exception as error:  # A class may be a user's.
        raise kind(*what_is_wrong(key, component, error)) from error


def make_any(key: str, component: Component, **arguments: Any) -> Any:
    """As `make`, but None for a component that stands for nothing."""
    return make(key, component, **arguments) if component.target else None


def what_is_wrong(key: str, component: Component, error: Exception) -> tuple[str, object, str]:
    """Key, value and what is allowed, of an error that a component has raised of its options."""
    options = component.options or {}
    text, kind = one_line(error), type(error).__name__
    if text != kind and not isinstance(error, TypeError | ValueError | ProgramEndedError):
        text = f"{kind}: {text}"
    name, _, value_and_reason_text = text.partition("=")
    if name in options:
        value, colon, allowed = value_and_reason_text.partition(": ")
        value_and_reason = (value, allowed) if colon else (options[name], value_and_reason_text)
        return f"{key}.{name}", *value_and_reason
    accepted = parameters(key, component.target)
    for name, value in options.items():
        if name in accepted and is_number(accepted[name].default) and not is_number(value):
            return f"{key}.{name}", value, "must be a number"
    return key, component.name, text


def what_was_raised(error: BaseException) -> str:
    """Kind, message and, in a user's code, place of an exception, in one line.

    Passwords are left out of it.
    """
    own = ConfigError | ProgramEndedError
    kind = "" if isinstance(error, own) else f"{type(error).__name__}: "
    # An error of a user's code is behind the errors of this package.
    root = error
    while root.__cause__ and isinstance(root, own):
        root = root.__cause__
    frames = walk_tb(root.__traceback__)
    places = [
        f" ({Path(frame.f_code.co_filename).name}:{line})"
        for frame, line in frames
        if frame.f_globals.get("__name__", "").partition(".")[0] not in LIBRARIES
    ]
    text = " ".join(f"{kind}{error}".split()).removesuffix(":")
    return redacted(text) + "".join(places[-1:])


def common_options_checked(group: str, chosen: Component) -> Component:
    """The component with the options that all of its group have in their kind, also a user's.

    Raises InvalidRunError for one that isn't allowed.
    """
    for key, limits in COMMON.get(group, {}).items():
        value = chosen.option(key)
        with suppress(TypeError):
            value = conform(int, value)
        if not limits(value):
            raise InvalidRunError(f"{group}.{key}", value, f"must be {limits}")
        if value is not None:
            chosen = replace(chosen, options={**(chosen.options or {}), key: value})
    return chosen


def unknown_options(key: str, component: Component) -> dict[str, Any]:
    """The options that a component is given and hasn't got."""
    accepted = parameters(key, component.target)
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in accepted.values()):
        return {}
    accepted_or_common = {*accepted, *COMMON.get(key, ())}
    return {
        name: v for name, v in (component.options or {}).items() if name not in accepted_or_common
    }


@cache
def parameters(key: str, target: str) -> Mapping[str, Parameter]:
    """Parameters of the class or function of a dotted path."""
    return signature(locate(key, Component(target, target))).parameters


def locate(key: str, component: Component) -> Callable[..., Any]:
    """The class or function that a component names by its dotted path.

    Raises ConfigError if there is none, or a store names it and it isn't trusted; that is looked
    at before anything is imported.
    """
    refuse_untrusted(key, component)
    try:
        with contained():
            located = object_of(component.target)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{key}._target_", component.target, f"not found: {error}") from error
    except Exception as error:  # A module may be a user's.
        allowed = f"import failed: {what_was_raised(error)}"
        raise ConfigError(f"{key}._target_", component.target, allowed) from error
    if not callable(located):
        raise ConfigError(f"{key}._target_", component.target, "must be a class or function")
    return located


def object_of(target: str) -> object:
    """Object of a dotted path, without a search for modules that are imported already.

    `resolve_name` looks for a module of the whole path each time, which takes longer than all else
    that planning a job does.
    """
    module, _, name = target.rpartition(".")
    try:
        return getattr(sys.modules[module], name)
    except (KeyError, AttributeError):
        return resolve_name(target)


def refuse_untrusted(key: str, component: Component) -> None:
    """Raise ConfigError if a store names the target of a component, and it isn't trusted."""
    target = component.target
    if isinstance(target, StoredTarget) and not trust.is_trusted(key, target):
        allowed = f"a store names it, but conf/{key} does not ship it"
        if is_path(target):
            ways = f"trust=[{target}] or {trust.VARIABLE}={target}"
            allowed = f"{allowed}; if you trust it, set {ways}"
        raise ConfigError(f"{key}._target_", target, allowed)


def refuse_untrusted_run(config: RunConfig) -> None:
    """Raise ConfigError if a stored configuration names a target that isn't trusted."""
    for key, component in vars(config).items():
        if isinstance(component, Component) and component.target:
            refuse_untrusted(key, component)


def columns(components: Sequence[Component], dtype: str) -> dict[str, Any]:
    """Options of one kind of component for a stack: numbers become columns (runs, 1)."""
    first = components[0].options or {}
    return {
        key: np.array([[component.option(key)] for component in components], dtype)
        if is_number(value)
        else value
        for key, value in first.items()
    }


def is_number(value: object) -> bool:
    """True if an option may differ between the runs of a stack."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def without_numbers(component: Component) -> Component:
    """A component without the options that may differ between the runs of a stack."""
    options = component.options or {}
    return component.without(*(key for key, value in options.items() if is_number(value)))
