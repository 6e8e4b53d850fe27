"""Texts that take long to make, kept between commands in the user's cache directory."""

import os
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from nnbench.system import atomic


def cache_directory() -> Path:
    """Directory of what may be removed at any time, by the XDG base directory specification."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # One that is relative is to be ignored.
    return (named if named.is_absolute() else Path.home() / ".cache") / "nnbench"


def fingerprint(text: str) -> str:
    """Digest of a text, as pages name their scripts."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def kept_text(name: str, expected: str | None, make: Callable[[], str]) -> str:
    """The text of that name whose fingerprint is `expected`: as it was kept, or else made and kept.

    A file of any other content was damaged, or comes from somebody else: it is never used. Without
    a known fingerprint nothing is kept.
    """
    file = cache_directory() / name
    with suppress(OSError, ValueError):
        if (
            expected
            and file.is_file()
            and fingerprint(text := file.read_bytes().decode()) == expected
        ):
            return text
    text = make()
    # Where nothing is writable, the next command makes it again.
    with suppress(OSError):
        if fingerprint(text) == expected:
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(file, lambda stream: stream.write(text.encode()), durable=False).close()
    return text
