"""Sign and colour of each outcome, the same in sentences, charts, tables and on pages."""

from collections.abc import Mapping

from nnbench.report.statistics import Outcome

SIGNS: Mapping[Outcome, str] = {
    Outcome.BETTER: "▲",
    Outcome.WORSE: "▼",
    Outcome.EQUIVALENT: "=",
    Outcome.INCONCLUSIVE: "?",
    Outcome.NOT_COMPARABLE: "–",
}

COLOURS: Mapping[Outcome, str] = {
    Outcome.BETTER: "#0072b2",
    Outcome.WORSE: "#d55e00",
    Outcome.EQUIVALENT: "#2e8b57",
    Outcome.INCONCLUSIVE: "#7d7f8c",
    Outcome.NOT_COMPARABLE: "#a5679a",
}
"""Distinct for colour-blind readers; contrast of at least 3:1 on light and on dark ground."""


def marked(outcome: Outcome) -> str:
    """An outcome with its sign, such as `▼ worse`."""
    return f"{SIGNS[outcome]} {outcome.value}"
