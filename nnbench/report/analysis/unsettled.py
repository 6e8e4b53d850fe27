"""Values whose best setting isn't known, so that no difference is claimed at their expense."""

import shlex
from collections.abc import Hashable
from dataclasses import dataclass

from nnbench.report.analysis.grid_edges import edges
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.question import Question
from nnbench.report.statistics import still_improving


@dataclass(frozen=True)
class Unsettled:
    """The reason why the best setting of a value isn't known."""

    edge_keys: tuple[str, ...]
    """Keys of which the best value was the smallest or the largest that was tried."""
    is_improving: bool
    """True if the validation score was still rising at the end of training."""


def unsettled(comparison: Comparison, question: Question) -> dict[tuple[str, Hashable], Unsettled]:
    """Data set and value → the reason, of those whose best setting isn't known."""
    at_edges: dict[tuple[str, Hashable], list[str]] = {}
    for edge in edges(comparison, question):
        at_edges.setdefault((edge.group.dataset, edge.group.value), []).append(edge.key)
    reasons = {
        (group.dataset, group.value): Unsettled(
            tuple(dict.fromkeys(at_edges.get((group.dataset, group.value), ()))),
            is_improving(group, question),
        )
        for group in comparison.groups
    }
    return {name: why for name, why in reasons.items() if why.edge_keys or why.is_improving}


def is_improving(group: Group, question: Question) -> bool:
    """True if longer training would have been better, beyond noise.

    A quick look is known to be short, and a schedule that decays ends wherever it was told to.
    Longer training changes no time to a target that was reached.
    """
    words = [word for command in question.commands for word in split(command)]
    schedules = set(group.runs["schedule"]) if "schedule" in group.runs else {"constant"}
    if group.measure.is_time or "quick=true" in words or schedules != {"constant"}:
        return False
    score = float(group.candidates.validation[group.tuned.setting])
    margin = group.metric.negligible(question.equivalence, score)
    return still_improving(group.curves[group.tuned.setting], margin)


def split(command: str) -> list[str]:
    """The words of a command, in lower case; none if it isn't typeable."""
    try:
        return [word.lower() for word in shlex.split(command)]
    except ValueError:
        return []
