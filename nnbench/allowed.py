"""Allowed values of keys, options and arguments: in words for messages, and as a check.

They stand with the field or the argument that they limit: `depth: Annotated[int, whole(0)]`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from inspect import signature
from math import inf
from typing import Any, TypeVar

import numpy as np


@dataclass(frozen=True)
class Allowed:
    """The values that are allowed."""

    words: str
    fits: Callable[[Any], Any]
    """A function that is true of an allowed value, or of a column (runs, 1) of allowed numbers."""
    null: str | None = None
    """Meaning of null, if it is allowed."""

    def __str__(self) -> str:
        return self.words if self.null is None else f"{self.words}, or null {self.null}"

    def __call__(self, value: Any) -> Any:
        """True if a value is allowed, or all values of a column."""
        if value is None:
            return self.null is not None
        try:
            return self.fits(value)
        except TypeError:  # A word has no place among numbers.
            return False

    def or_null(self, meaning: str) -> "Allowed":
        """The same and null, which has a meaning of its own."""
        return replace(self, null=meaning)

    def or_word(self, word: str) -> "Allowed":
        """The same and a word."""
        return replace(
            self,
            words=f"{self.words}, or {word}",
            fits=lambda value: value == word if isinstance(value, str) else self(value),
        )


def is_real(value: object) -> bool:
    """True for a number or a column of numbers; true and false are none."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "fiu"
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_list(value: object) -> bool:
    """True for a list; a word, whose letters are a sequence too, is none."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def number(words: str, fits: Callable[[Any], Any]) -> Allowed:
    """Numbers that fit."""
    return Allowed(words, lambda value: is_real(value) and fits(value))


def whole(least: int, most: float = inf) -> Allowed:
    """Whole numbers, `least` or more and at most `most`."""
    words = (
        f"a whole number, {least} or more" if most == inf else f"a whole number, {least} to {most}"
    )
    return number(
        words,
        lambda value: isinstance(value, int) and least <= value <= most,
    )


def one_of(choices: Iterable[str]) -> Allowed:
    """Words of which one must be chosen."""
    words = tuple(choices)
    text = " or ".join(words) if len(words) == 2 else f"one of {', '.join(words)}"
    return Allowed(text, lambda value: value in words)


POSITIVE = number("a finite number above 0", lambda value: (value > 0) & (value < inf))
NOT_NEGATIVE = number("a finite number, 0 or more", lambda value: (value >= 0) & (value < inf))
SHARE = number("a number from 0 to 1", lambda value: (value >= 0) & (value <= 1))
BELOW_ONE = number("a number from 0 to below 1", lambda value: (value >= 0) & (value < 1))
ABOVE_ZERO = number("a number above 0, at most 1", lambda value: (value > 0) & (value <= 1))
BETWEEN = number("a number above 0 and below 1", lambda value: (value > 0) & (value < 1))
COUNT = number(
    # A column of them has the type of all columns.
    "a whole number, 1 or more",
    lambda value: (value >= 1) & (value < inf) & (value == np.floor(value)),
)
TRUTH = Allowed("true or false", lambda value: isinstance(value, bool))


def require(name: str, value: Any, allowed: Allowed) -> None:
    """Raise ValueError unless the value of an option, or each of a column, is allowed."""
    good = allowed(value)
    if np.all(good):
        return
    if isinstance(value, np.ndarray) and np.shape(good) == value.shape:
        # In a lower precision a value may be another than was typed.
        first = value[~good].flat[0]
        raise ValueError(f"{name}={first}: must be {allowed} in {value.dtype}")
    raise ValueError(f"{name}={value}: must be {allowed}")


def allowed_by(hint: Any) -> Allowed | None:
    """The allowed values of an annotation; None if it names none."""
    expected = (item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Allowed))
    return next(expected, None)


def check_fields(instance: Any) -> None:
    """Raise ValueError unless each field of a dataclass has a value that its annotation allows."""
    for field in fields(instance):
        allowed = allowed_by(field.type)
        if allowed is not None:
            require(field.name, getattr(instance, field.name), allowed)


class Checked:
    """A dataclass whose fields have values that their annotations allow, else ValueError."""

    def __post_init__(self) -> None:
        check_fields(self)


Function = TypeVar("Function", bound=Callable[..., Any])


def checked(function: Function) -> Function:
    """The function, which raises ValueError for an argument that its annotation doesn't allow."""
    names = list(signature(function).parameters)
    limits = {
        name: allowed
        for name, hint in function.__annotations__.items()
        if (allowed := allowed_by(hint)) is not None
    }

    @wraps(function)
    def call(*values: Any, **options: Any) -> Any:
        for name, value in {**dict(zip(names, values, strict=False)), **options}.items():
            if name in limits:
                require(name, value, limits[name])
        return function(*values, **options)

    return call  # type: ignore[return-value]
