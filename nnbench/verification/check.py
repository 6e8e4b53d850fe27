"""One thing that was looked at, and how far off it was."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """How far something is from what it should be; no number where that can't be said."""

    name: str
    deviation: float | None
    """Relative to the largest value, unless it is allowed to be 0 only."""
    allowed: float

    @property
    def passed(self) -> bool:
        """Whether it is as it should be, or there is nothing to compare with."""
        return self.deviation is None or self.deviation <= self.allowed
