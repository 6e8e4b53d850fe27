"""Names of the cases that are stored."""

from nnbench.verification.references import read


def cases(name: str) -> list[str]:
    """Names of the cases of a file."""
    return list(read(name)[1])
