"""Ctrl-C, SIGTERM and a terminal that is closed: in good order first, the second time at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class EndedError(KeyboardInterrupt):
    """A signal has ended a command."""

    advice = ""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}{self.advice}")
        self.exit_code = 128 + number


class InterruptedSweepError(EndedError):
    """A signal has ended a sweep; what had been trained is logged."""

    advice = "; run the same command again to continue"


class Interruption:
    """The signal received, if any."""

    number = 0

    def __call__(self) -> bool:
        """True if the sweep is to stop."""
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
        # Raising here would tear the process away from a run that is half logged.
        interruption.number = number
        # A class of its own, never mistaken for another KeyboardInterrupt.
        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def end(number: int, frame: FrameType | None) -> None:
        raise EndedError(number)

    with handled(note):
        yield interruption


@contextmanager
def signals_raise(error: type[EndedError] = EndedError) -> Iterator[None]:
    """Raise an error of that kind when a signal comes, whatever is being done."""

    def obey(number: int, frame: FrameType | None) -> None:
        raise error(number)

    with handled(obey):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Do what is short and must not be left half done; a signal that comes is obeyed after it."""
    come = list[int]()
    with handled(lambda number, frame: come.append(number)):
        yield
    for number in come[:1]:
        signal.raise_signal(number)


@contextmanager
def handled(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Have signals handled otherwise; those that are ignored, as by nohup, still are."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, handler)
        for number in SIGNALS
        if signal.getsignal(number) not in (signal.SIG_IGN, None)
    }
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
