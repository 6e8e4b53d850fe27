"""Verdicts of a report as a few lines of Markdown, beside the runs in MLflow."""

from collections.abc import Sequence

from nnbench.pages import Answer
from nnbench.pages.escape import escape_markdown
from nnbench.pages.formatting import count_text
from nnbench.report.analysis.findings import Findings
from nnbench.report.text.answer import title_of

LONGEST = 4_000
"""Characters; no store takes much more, and nobody reads it."""


def description(findings: Findings, answer: Answer, sentences: Sequence[str]) -> str:
    """The answer in bold, the question, and each verdict as a point, while there is room.

    Nothing that a user has named is markup in it.
    """
    question, runs = findings.question, findings.comparison.runs
    headline = f"**{escape_markdown(answer.headline)}**"
    subject = escape_markdown(
        f"{title_of(findings)} Experiment {question.experiment}, {count_text(len(runs), 'run')}:"
    )
    lines = [headline, "", subject, ""]
    room = LONGEST - sum(map(len, lines))
    for number, sentence in enumerate(sentences):
        point = f"- {escape_markdown(sentence)}"
        room -= len(point) + 1
        if room < 0:
            lines.append(f"- and {len(sentences) - number:,} more in the report")
            break
        lines.append(point)
    return "\n".join(lines)
