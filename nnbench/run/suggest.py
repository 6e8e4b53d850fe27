"""What to say of a name that there isn't."""

from collections.abc import Iterable
from difflib import get_close_matches

from nnbench.run.config import LONGEST, shown


def suggestion(name: str, known: Iterable[str]) -> str:
    """What to say when `name` is none of the known."""
    known = sorted(known)
    close = get_close_matches(name[:LONGEST], known, n=1)
    listed = ", ".join(map(shown, known))
    return (
        f"did you mean {shown(close[0])}? there are {listed}"
        if close
        else f"must be one of {listed}"
    )
