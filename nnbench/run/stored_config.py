"""Configurations read back from plain values, wherever those were kept."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, get_type_hints

from nnbench.run.config import GROUPS, Component, RunConfig, StoredTarget
from nnbench.run.errors import excerpt


def as_config(values: Mapping[str, Any]) -> RunConfig:
    """The configuration of which `dataclasses.asdict` made plain values, wherever those were kept.

    What was not yet a key then was null. Its targets are marked as stored, since anybody may have
    written them. Raises TypeError for keys that there are no longer, and for what is no component,
    ValueError for values of other kinds.
    """
    if not isinstance(values, Mapping):
        raise TypeError("a configuration must be a mapping")
    chosen: dict[str, Any] = dict.fromkeys(field.name for field in fields(RunConfig)) | {
        key: as_component(value) if key in GROUPS and value is not None else value
        for key, value in values.items()
    }
    config = RunConfig(**chosen)
    for name, kind in kinds().items():
        value = getattr(config, name)
        if value is None and kind is Component:
            raise TypeError(f"{name} is null")
        # A whole number is a number, but true is none.
        if (type(value) is bool and kind is not bool) or not isinstance(value, kind | int | None):
            raise ValueError(f"{name} is {excerpt(value)}")
    return config


@cache
def kinds() -> Mapping[str, Any]:
    """The kind of each key of a run."""
    return get_type_hints(RunConfig)


def as_component(values: Any) -> Component:
    """The component of plain values that were stored. Raises TypeError if they make none."""
    component = Component(**values)
    if not (isinstance(component.name, str) and isinstance(component.target, str)):
        raise TypeError("a name and a target must be text")
    if not isinstance(component.options, Mapping | None) or not all(
        isinstance(name, str) for name in component.options or ()
    ):
        raise TypeError("options must be a mapping")
    return replace(component, target=StoredTarget(component.target))
