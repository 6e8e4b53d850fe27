"""Ctrl-C and SIGTERM: the first ends a sweep in good order, the second at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class InterruptedSweepError(KeyboardInterrupt):
    """A signal has ended a sweep; what had been trained is logged."""

    def __init__(self, number: int) -> None:
        name = signal.Signals(number).name
        super().__init__(f"ended by {name}; the same command goes on from here")
        self.exit_code = 128 + number


class Interruption:
    """Whether a signal has come, and which."""

    number = 0

    def __call__(self) -> bool:
        """Whether the sweep is to stop."""
        return bool(self.number)

    def check(self) -> None:
        """Raise InterruptedSweepError if a signal has come."""
        if self.number:
            raise InterruptedSweepError(self.number)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Take note of a signal instead of being torn away from whatever is being written.

    A second one is obeyed at once.
    """
    interruption = Interruption()

    def note(number: int, frame: FrameType | None) -> None:
        interruption.number = number
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
