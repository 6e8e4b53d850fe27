"""Phases of a command, each said as it begins, and that it goes on where no terminal shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from nnbench.app import terminal

INTERVAL = 30.0
"""Seconds between two lines without a terminal."""


@contextmanager
def phase(text: str, progress: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Print a line that a phase begins; without a terminal, one more every 30 seconds.

    `progress` returns how far the phase has come, for the further lines.
    """
    terminal.say(f"{text} …", highlight=False)
    with going_on(text, progress):
        yield


@contextmanager
def going_on(text: str, progress: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Show on a terminal that a phase goes on; without one, print a line every 30 seconds."""
    if terminal.CONSOLE.is_terminal:
        with terminal.CONSOLE.status(text):
            yield
        return
    ended = Event()
    thread = Thread(target=repeat, args=(text, progress, ended.wait), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def repeat(text: str, progress: Callable[[], str], ends_within: Callable[[float], bool]) -> None:
    """Print how long a phase has taken after each interval, until it ends within one."""
    for number in count(1):
        if ends_within(INTERVAL):
            return
        state = progress()
        after = f"{number * INTERVAL:.0f} s"
        terminal.say(f"{text}: {f'{state}, ' * bool(state)}{after} so far", highlight=False)
