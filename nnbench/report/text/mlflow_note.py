"""What a report says in a few lines of Markdown, beside the runs it is about."""

from collections.abc import Sequence

from nnbench.pages.escape import escape_markdown
from nnbench.report.analysis.findings import Findings

LONGEST = 4_000
"""Characters; no store takes much more, and nobody reads it."""


def description(findings: Findings, sentences: Sequence[str]) -> str:
    """The question as a heading, and each verdict as a point, as far as there is room.

    Nothing that a user has named is markup in it.
    """
    question, runs = findings.question, findings.comparison.runs
    title = f"## {escape_markdown(question.title)}"
    subject = escape_markdown(f"Experiment {question.experiment}, {len(runs):,} runs:")
    said = [title, "", subject, ""]
    room = LONGEST - sum(map(len, said))
    for number, sentence in enumerate(sentences):
        point = f"- {escape_markdown(sentence)}"
        room -= len(point) + 1
        if room < 0:
            said.append(f"- and {len(sentences) - number:,} more in the report")
            break
        said.append(point)
    return "\n".join(said)
