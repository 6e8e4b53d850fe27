"""Errors of a user's settings, which say key, value and what is allowed in one line.

    UsageError                     words that are no command line (exit code 2)
    ValueError
      ConfigError                  a setting that is invalid: nothing is done
        InvalidRunError            of one run alone: a sweep skips that run
          IncompatibleError        of settings that are fine alone, but don't fit together
        LimitError                 more than a limit allows (system/limits.py)
      DamagedError                 a file that isn't what was written (system/archive.py)
    OSError
      OutsideError                 a file outside the store's own directory (track/files.py)
    YAMLError
      ManyTimesError               a stored value that occurs several times (track/stored_text.py)
    RuntimeError
      ProgramEndedError            a user's class tried to end the program
    RunsFailedError                some runs failed; the others are logged and reported
      RunsWaitingError             some runs wait in outbox/ (exit code 3)
    KeyboardInterrupt
      EndedError                   a signal ended a command (system/interrupt.py, exit code 128 + n)
        InterruptedSweepError      it ended a sweep; what had been trained is logged

The exit code is 1 unless another is given. `UsageError` and `RunsFailedError` are plain Exceptions.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from nnbench.safety.redaction import redacted
from nnbench.safety.sanitize import in_line

CUT_OFF = "…"
"""Ends what is kept of a text that is too long to keep whole."""

LONGEST = 80
"""Characters of a value that a message has."""

NO_VALUE: Final = object()
"""Value of a word that is no key=value."""


def excerpt(value: object) -> str:
    """A value as messages have it: in one line, cut off, in quotes if it has spaces at an end."""
    # Before anything is cut off, by which an address is known.
    text = "null" if value is None else redacted(as_typed(value))
    text = text.lower() if isinstance(value, bool) else text
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + CUT_OFF
    if text != text.strip() or "  " in text:
        return repr(text)
    return in_line(" ".join(text.splitlines()))


def as_typed(value: object) -> str:
    """A value as it is typed: a list of words without quotes."""
    return f"[{', '.join(map(as_typed, value))}]" if isinstance(value, list) else str(value)


class UsageError(Exception):
    """Words that are no command line of ours, whatever values they have."""


class ConfigError(ValueError):
    """An invalid setting: names key, value and what is allowed, in one line.

    Passwords are left out of it.
    """

    exit_code = 1

    def __init__(self, key: str, value: object, allowed: str) -> None:
        word = excerpt(key) if value is NO_VALUE else f"{excerpt(key)}={excerpt(value)}"
        super().__init__(in_line(redacted(" ".join(f"{word}: {allowed}".splitlines()))))


class InvalidRunError(ConfigError):
    """A value that no run can have, whatever others have; a sweep skips such a cell."""


class IncompatibleError(InvalidRunError):
    """Settings that are fine alone but make no sense together."""


class ProgramEndedError(RuntimeError):
    """A user's code tried to end the program, which is an error of that code."""

    exit_code = 1


class RunsFailedError(Exception):
    """Some runs failed; the others were trained, and everything has been shown and logged."""

    exit_code = 1


class RunsWaitingError(RunsFailedError):
    """Some runs could not be logged; they wait in the outbox, and everything has been shown."""

    exit_code = 3


def suggestion(name: str, names: Iterable[str]) -> str:
    """The message about a `name` that is none of the known: the nearest of them, and all."""
    names = sorted(names)
    close = nearest(name, names)
    listed = ", ".join(map(excerpt, names))
    if close:
        return f"did you mean {excerpt(close)}? there are {listed}"
    return f"must be one of {listed}"


def nearest(name: str, names: Iterable[str]) -> str:
    """The one of the names that a mistyped one is nearest to; empty if none is near."""
    typed = name[:LONGEST]
    # Swapped letters first: by shared runs of letters alone, adma is nearer to adamax than to adam.
    return max(
        get_close_matches(typed, names),
        key=lambda word: (is_swapped(typed, word), likeness(typed, word)),
        default="",
    )


def is_swapped(typed: str, word: str) -> bool:
    """True if two words have the same letters in another order."""
    return sorted(typed) == sorted(word)


def likeness(typed: str, word: str) -> float:
    """The share of letters that two words have in common, in the same order."""
    return SequenceMatcher(None, word, typed).ratio()
