"""The texts that people read, taken apart for tests."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
MANUALS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md", "CONTRIBUTING.md", "conf/README.md", "sweeps/README.md", "reports/README.md",
        "nnbench/README.md", "tests/README.md", ".github/SECURITY.md",
    )
}  # fmt: skip
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def prose(text):
    """A manual without its blocks of code."""
    return FENCE.sub("", text)


def without_code(text):
    """Prose alone: no code, and of links only what is read."""
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "", prose(text)))


def blocks(name, language):
    return [body for kind, body in FENCE.findall(MANUALS[name]) if kind == language]
