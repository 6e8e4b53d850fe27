"""Seconds that functions take, by the phase that they belong to."""

import time
from typing import Any

SECONDS: dict[str, float] = {}
"""Phase → wall time of its functions so far."""


def timed(owner: Any, name: str, phase: str) -> None:
    """Have all calls of a function count, where its owner, a module or a class, looks it up."""
    function = getattr(owner, name)

    def wrapper(*words: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*words, **options)
        finally:
            SECONDS[phase] = SECONDS.get(phase, 0) + time.perf_counter() - began

    setattr(owner, name, wrapper)
