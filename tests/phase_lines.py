"""Lines that say which phase a command is in, which stand before its result or error."""

import re


def without_phases(out: str) -> str:
    """Give what a command printed besides the lines for its phases."""
    lines = out.splitlines(keepends=True)
    return "".join(line for line in lines if not re.search(r"( …|: \d+ s so far)\n$", line))
