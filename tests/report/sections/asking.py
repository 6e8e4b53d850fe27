"""Findings on tables of runs, as sections are given them."""

from nnbench.report.question import Question
from tests.report.runs import COMMAND, answered


def findings(runs, *keys, **changes):
    """Findings on the keys, depth if none is named, of runs that left no curves."""
    question = Question("trial", keys or ("depth",), (COMMAND,), "python -m nnbench", **changes)
    return answered(runs, question)


def words(section):
    """All sentences of a section."""
    return " ".join([*section.text, *(point for point, _ in section.points)])
