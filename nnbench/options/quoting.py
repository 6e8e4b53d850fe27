"""Quotes around typed text that Hydra's grammar refuses: other than ASCII, and sentences."""

import re

from nnbench.options.overrides import override

QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
"""A text in quotes."""

ESCAPED = re.compile(r"\\([\\()\[\]{}:=, \t])")
"""A character that Hydra takes as it is, by the backslash before it."""

NESTED = r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"
"""An interpolation, which may have one within it."""

SENTENCES = ("title",)
"""Keys whose values are sentences, in which a comma or a bracket is punctuation."""


def quoted(word: str) -> str:
    """A word of the command line as Hydra can read it, with the same meaning.

    Only texts between the commas, colons and brackets of Hydra's grammar are put in quotes, so that
    `dataset=größe,tiefe` sweeps over two. The value of one of `SENTENCES` is taken as a whole.
    """
    key, equals, value = word.partition("=")
    if key.lstrip("+") in SENTENCES:
        return f"{key}={sentence(value)}"
    return word if value.isascii() else f"{key}{equals}{with_quotes(value)}"


def sentence(value: str) -> str:
    """A text as Hydra reads it, unless it is null, empty, or in quotes already."""
    return value if value in ("", "null") or QUOTED.fullmatch(value) else in_quotes(value)


def with_quotes(value: str) -> str:
    """A value in which each text other than ASCII is in quotes."""
    # A colon is part of a text, as in C:\x, except in a mapping.
    mapping = ":" if re.search(r"(?<![$\\])\{", value) else ""
    ends = re.escape(",[](){}" + mapping)
    pattern = rf"\s*(?:{QUOTED.pattern})\s*(?=[{ends}]|$)|(?:\\.?|{NESTED}|[^{ends}\\])+"
    return re.sub(pattern, lambda match: quoted_text(match[0]), value.strip(), flags=re.DOTALL)


def quoted_text(text: str) -> str:
    """A text in quotes if it is not ASCII, unless it has them."""
    bare = text.strip()
    if bare.isascii() or QUOTED.fullmatch(bare):
        return text
    return text.replace(bare, in_quotes(ESCAPED.sub(r"\1", bare)))


def in_quotes(text: str) -> str:
    """A text in quotes."""
    return override("", text, always=True).removeprefix("=")
