"""Untrusted text on its way out: no command to a terminal, no formula to a spreadsheet."""

import json
import re
from numbers import Number

MEANT_FOR_MACHINES = (
    r"\x00-\x1f\x7f-\x9f"  # control characters, with which escape sequences begin
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # change the direction of text
    r"\u2028\u2029"  # end a line
    r"\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    r"\ud800-\udfff"  # halves of characters, as in file names of other encodings
)
UNSAFE = re.compile(f"[{MEANT_FOR_MACHINES}]")

FORMULA = re.compile(r"[\t\r\n]|[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""Beginnings of cells that some spreadsheet takes for a formula, or for one in quotes."""

NUMBER = re.compile(r"[+-]?(\d[\d_,]*\.?\d*|\.\d+)([eE][+-]?\d+)?%?|[+-]?(inf|nan)", re.IGNORECASE)


def is_neutral(text: str) -> bool:
    """True if a text has no character that is meant for a machine."""
    return not UNSAFE.search(text)


def in_line(text: str) -> str:
    r"""The text in one line, characters that are meant for machines as \x1b, \n, \u202e."""
    return UNSAFE.sub(escaped, text)


def in_lines(text: str, allowed: str = "\n\t") -> str:
    """As `in_line`, but ends of lines and tabs stay."""
    return UNSAFE.sub(lambda match: match[0] if match[0] in allowed else escaped(match), text)


def escaped(match: "re.Match[str]") -> str:
    """A character as Python writes it in a text."""
    return match[0].encode("unicode_escape").decode()


def in_json(text: str) -> str:
    """JSON that means the same, whose texts have no character that is meant for a machine."""
    return UNSAFE.sub(
        lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text
    )


def in_cell(value: object) -> object:
    """A cell of a table as a file has it: a text that would be a formula begins with '."""
    if value is None or isinstance(value, Number):
        return value
    text = str(value)
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        return f"'{in_lines(text)}"
    # Ends of lines are kept, since they are in quotes; what is missing is no text.
    return in_lines(value) if isinstance(value, str) else value
