"""One thing that was looked at, how far off it was, or why that can't be said."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from nnbench.config import ConfigError

LIBRARIES = ("nnbench", "numpy")
"""Packages whose lines say nothing of where a component of somebody's own is wrong."""


@dataclass(frozen=True)
class Check:
    """How far something is from what it should be; no number where that can't be said."""

    name: str
    deviation: float | None
    """Relative to the largest value, unless it is allowed to be 0 only."""
    allowed: float
    reason: str = ""
    """Why there is no finite number, in one line."""

    @property
    def passed(self) -> bool:
        """Whether it is as it should be, or there is nothing to compare with."""
        return self.deviation is None or self.deviation <= self.allowed


def attempt(name: str, check: Callable[..., Check], *arguments: Any) -> Check:
    """What a check finds; if it raises, as code of others may, a check that has failed."""
    try:
        return check(*arguments)
    except Exception as error:
        return Check(name, inf, 0.0, what_was_raised(error))


def what_was_raised(error: Exception) -> str:
    """Type, message and, of code outside nnbench, place of an exception, in one line."""
    kind = "" if isinstance(error, ConfigError) else f"{type(error).__name__}: "
    # A ConfigError is this package's own; what a constructor raised is behind it.
    frames = traceback.walk_tb((error.__cause__ or error).__traceback__)
    places = [
        f" ({Path(frame.f_code.co_filename).name}:{line})"
        for frame, line in frames
        if frame.f_globals.get("__name__", "").partition(".")[0] not in LIBRARIES
    ]
    return " ".join(f"{kind}{error}".split()) + "".join(places[-1:])
