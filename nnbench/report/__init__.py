"""Reports: a table of runs in, pages out; never sees where the runs were tracked."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pandas as pd

from nnbench import ReportPackage
from nnbench.options.components import what_was_raised
from nnbench.pages import Answer, Page, Section, write_page
from nnbench.pages.drawing import Drawing
from nnbench.pages.section import Place
from nnbench.report.analysis.findings import Findings, find
from nnbench.report.analysis.recipe import recipe
from nnbench.report.compare.compare_runs import check_keys, compare_runs, require_runs
from nnbench.report.compare.families import Family, families
from nnbench.report.compare.runs_table import as_asked, comparable, compared_keys
from nnbench.report.compare.where_filter import check_where
from nnbench.report.export import as_data, metrics_of_sweep
from nnbench.report.outline import make_sections, outline
from nnbench.report.question import Question, Report
from nnbench.report.text.answer import answer_of, title_of
from nnbench.report.text.mlflow_note import description
from nnbench.report.text.verdict import verdicts
from nnbench.run.result import RunHistories

__all__ = [
    "Family",
    "Question",
    "Report",
    "as_asked",
    "check_keys",
    "check_where",
    "comparable",
    "compare_runs",
    "compared_keys",
    "families",
    "outline",
    "require_runs",
    "write_report",
]

sys.modules[__name__].__class__ = ReportPackage


def write_report(
    runs: pd.DataFrame, histories: RunHistories, question: Question, directory: Path
) -> Report:
    """Answer the question from a table of runs (a row each, as `load_runs` gives) and their curves.

    Raises ConfigError, with nothing written, if there are no runs or they haven't got the keys and
    metrics that are asked for.
    """
    findings = find(runs, histories, question)
    with Drawing() as drawing:
        return write_findings(findings, runs, directory, drawing)


def write_findings(
    findings: Findings, runs: pd.DataFrame, directory: Path, drawing: Drawing
) -> Report:
    """Write sections, verdicts and the answer; charts are drawn while later sections are made."""
    question = findings.question
    sections, missing = make_sections(findings, drawing.begin)
    sentences, unsaid = sentences_of(findings)
    missing += unsaid
    answer, unanswered = answered(findings, sentences)
    missing += unanswered
    page = Page(
        title=title_of(findings),
        subject=question.experiment,
        sentences=(),
        sections=in_order([verdicts_in_full([*sentences, *missing]), *sections]),
        origin=f"Written by nnbench from the tracked runs of experiment {question.experiment}.",
        command=question.report_command,
        data={
            **as_data(findings, answer, sentences, sections),
            "recipe": recipe(findings, runs),
        },
        answer=answer,
    )
    written, readme = write_page(page, directory, question.formats, drawing)
    note = description(findings, answer, sentences)
    return Report(
        page=written,
        readme=readme,
        answer=answer,
        verdicts=sentences,
        description=note,
        metrics=metrics_of_sweep(findings),
        example=example_of(findings),
        missing=tuple(missing),
        content=page,
    )


def example_of(findings: Findings) -> str:
    """Id of the first run of the group with the best validation score; empty if none finished."""
    best = max(findings.comparison.groups, key=lambda group: group.merit)
    finished = best.runs[best.runs["status"] == "finished"]
    return str(finished["run_id"].iloc[0]) if len(finished) else ""


def in_order(sections: Sequence[Section]) -> list[Section]:
    """Sections by the part of the page where they stand, in their own order within it."""
    return sorted(sections, key=lambda section: get_args(Place).index(section.page))


def verdicts_in_full(sentences: Sequence[str]) -> Section:
    """The section with every verdict."""
    return Section("verdicts", "Verdicts in full", points=[(text, "") for text in sentences])


def answered(findings: Findings, sentences: Sequence[str]) -> tuple[Answer, list[str]]:
    """The answer; or else the first verdict, and the reason why there is no answer."""
    try:
        return answer_of(findings), []
    except Exception as error:  # Of whatever nobody has thought of, no report may be lost.
        headline = sentences[0] if sentences else "The verdicts are missing."
        return Answer(headline), [f"The answer is missing: {what_was_raised(error)}"]


def sentences_of(findings: Findings) -> tuple[tuple[str, ...], list[str]]:
    """The verdicts, or the reason why there are none: tables stand without them."""
    try:
        return tuple(verdicts(findings)), []
    except Exception as error:  # Of whatever nobody has thought of, no report may be lost.
        return (), [f"The verdicts are missing: {what_was_raised(error)}"]
