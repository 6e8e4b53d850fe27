"""Words of a command line as a shell reads them."""

import shlex
from collections.abc import Iterable


def command_line(words: Iterable[str]) -> str:
    """A command to copy into a shell, which reads these words and nothing else."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """A word in single quotes if it needs any; in double quotes if it has single quotes itself.

    `shlex.quote` alone would write uri='a b' as 'uri='"'"'a b'"'"''.
    """
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return shlex.quote(word)
