"""Suggestions for a name that is unknown."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

from nnbench.run.config import LONGEST, shown


def suggestion(name: str, known: Iterable[str]) -> str:
    """The message about a `name` that is none of the known: the nearest of them, and all."""
    known = sorted(known)
    typed = name[:LONGEST]
    close = get_close_matches(typed, known)
    # Swapped letters first: by shared runs of letters alone, adma is nearer to adamax than to adam.
    nearest = max(
        close, key=lambda word: (is_swapped(typed, word), likeness(typed, word)), default=""
    )
    listed = ", ".join(map(shown, known))
    return (
        f"did you mean {shown(nearest)}? there are {listed}"
        if nearest
        else f"must be one of {listed}"
    )


def is_swapped(typed: str, word: str) -> bool:
    """Whether two words have the same letters in another order."""
    return sorted(typed) == sorted(word)


def likeness(typed: str, word: str) -> float:
    """The share of letters that two words have in common, in the same order."""
    return SequenceMatcher(None, word, typed).ratio()
