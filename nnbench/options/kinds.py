"""Kinds of value, as annotations name them: whether a value is of one, and what it is called."""

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a mapping",
    NoneType: "null",
}
"""Kind of plain data → its name in messages."""


def arms(kind: Any) -> tuple[Any, ...]:
    """The kinds that an annotation allows, such as int and None of `int | None`."""
    if get_origin(kind) is Annotated:
        return arms(kind.__origin__)
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def plain(kind: Any) -> Any:
    """Plain container of a kind of data: list of `Sequence[str]`, dict of `dict[str, Any]`."""
    origin = get_origin(kind) or kind
    if origin is Literal:
        return Literal
    if origin in NAMES:
        return origin
    if isinstance(origin, type) and issubclass(origin, Sequence) and origin is not str:
        return list
    return None


def conform(kind: Any, value: object) -> Any:
    """The value as one of this kind; raises TypeError if it is none.

    A whole number is one however it is written (1e3, 3.0), a number is text where text is asked
    for, and true and false are neither number nor text.
    """
    if kind is Any:
        return value
    for arm in arms(kind):
        if type(value) is arm:
            return value
    for arm in arms(kind):
        try:
            return converted(arm, value)
        except (TypeError, ValueError, OverflowError):
            continue
    raise TypeError(f"{type(value).__name__} is not {name_of(kind)}")


def converted(arm: Any, value: Any) -> Any:
    """The value converted to a kind that is no union. Raises an error if it is invalid."""
    sort = plain(arm)
    if sort is Literal and isinstance(value, str) and value in get_args(arm):
        return value
    if sort is list and isinstance(value, list):
        (item, *_) = get_args(arm) or (Any,)
        return [conform(item, element) for element in value]
    if sort is dict and isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if sort in (float, str):
            return sort(value)
        if sort is int and value == int(value):
            return int(value)
    raise TypeError


def name_of(kind: Any) -> str:
    """The name of a kind in messages, such as "a whole number or null"."""
    named = [arm for arm in arms(kind) if not (arm is int and float in arms(kind))]
    return " or ".join(map(name_of_arm, named))


def name_of_arm(arm: Any) -> str:
    """The name of a kind that is no union."""
    if plain(arm) is Literal:
        return f"one of {', '.join(get_args(arm))}"
    items = get_args(arm)[:1] if plain(arm) is list else ()
    return NAMES[plain(arm)] + "".join(f", each {name_of(item)}" for item in items)
