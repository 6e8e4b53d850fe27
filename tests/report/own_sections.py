"""Sections of a user's own."""

from nnbench.pages import Section


def make(findings, greeting="hello"):
    """Says how many runs there are."""
    return Section("own", "My own view", (f"{greeting}: {len(findings.comparison.runs)} runs",))


def nothing(findings):
    """Has nothing to say."""


def nonsense(findings):
    """Is no section."""
    return 42


def broken(findings):
    """Fails."""
    raise KeyError("no such\nthing")


not_callable = 3
