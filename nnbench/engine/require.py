"""Checks of options, with one-line errors."""

from collections.abc import Collection
from math import inf
from typing import TypeGuard


def require_epsilon(epsilon: float) -> None:
    """Raise ValueError unless 0 < epsilon < ∞."""
    if not 0 < epsilon < inf:
        raise ValueError(f"epsilon={epsilon}: must be a finite number above 0")


def require_whole(name: str, value: object, least: int = 1, otherwise: str = "") -> None:
    """Raise ValueError unless the value is a whole number, `least` or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name}={value}: must be a whole number, {least} or more{otherwise}")


def require_choice(name: str, value: object, choices: Collection[str]) -> None:
    """Raise ValueError unless the value is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name}={value}: must be one of {', '.join(choices)}")


def require_truth(name: str, value: object) -> None:
    """Raise ValueError unless the value is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}={value}: must be true or false")


def require_share(name: str, value: object) -> None:
    """Raise ValueError unless it is a number from 0 to 1."""
    if not (is_real(value) and 0 <= value <= 1):
        raise ValueError(f"{name}={value}: must be a number from 0 to 1")


def require_spread(name: str, value: object) -> None:
    """Raise ValueError unless it is a finite number, 0 or more."""
    if not (is_real(value) and 0 <= value < inf):
        raise ValueError(f"{name}={value}: must be a finite number, 0 or more")


def is_real(value: object) -> TypeGuard[float]:
    """Whether it is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
