"""What to say of a name that there isn't."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(name: str, known: Iterable[str]) -> str:
    """What to say when `name` is none of the known."""
    known = sorted(known)
    close = get_close_matches(name, known, n=1)
    listed = ", ".join(known)
    return f"did you mean {close[0]}? there are {listed}" if close else f"must be one of {listed}"
