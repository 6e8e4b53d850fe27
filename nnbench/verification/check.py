"""The result of one check: a deviation, or the reason why there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from nnbench.options.components import what_was_raised
from nnbench.system.early_exits import contained


@dataclass(frozen=True)
class Check:
    """The deviation of something from what it should be; None if it could not be measured."""

    name: str
    deviation: float | None
    """Relative to the largest value, unless it is allowed to be 0 only."""
    allowed: float
    reason: str = ""
    """The reason why there is no finite number, in one line."""
    note: str = ""
    """A note for the reader of a check that was passed."""

    @property
    def passed(self) -> bool:
        """True if the deviation is allowed, or there is nothing to compare with."""
        return self.deviation is None or self.deviation <= self.allowed


def attempt(name: str, check: Callable[..., Check], *arguments: Any) -> Check:
    """The result of a check; a failed one if it raises, as code of others may."""
    try:
        with contained():
            return check(*arguments)
    except Exception as error:
        return Check(name, inf, 0.0, what_was_raised(error))
