"""The answer: one sentence with its evidence, at most three more, and what may change it."""

from nnbench.pages import Answer
from nnbench.report.analysis.findings import Findings
from nnbench.report.text.trends import trend_sentences
from nnbench.report.text.verdict import verdicts


def answer_of(findings: Findings) -> Answer:
    """The answer to the question of a report."""
    sentences = [*trend_sentences(findings.trends, findings.comparison), *verdicts(findings)]
    return Answer(sentences[0])
