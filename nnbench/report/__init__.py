"""Reports: a table of runs in, pages out; never sees where the runs were tracked."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nnbench.config import ConfigError
from nnbench.pages import Page, write_page
from nnbench.record import History
from nnbench.report.columns import compared_key
from nnbench.report.question import Question, Report
from nnbench.report.sections import MAKERS
from nnbench.report.select import compare_runs
from nnbench.report.verdict import verdicts

__all__ = ["Question", "Report", "compared_key", "write_report"]


def write_report(
    runs: pd.DataFrame, histories: Mapping[str, History], question: Question, directory: Path
) -> Report:
    """Answer the question from a table of runs (a row each, as `load_runs` gives) and their curves.

    Raises ConfigError, with nothing written, if there are no runs or they haven't got the key that
    is to be compared.
    """
    if runs.empty:
        raise ConfigError("experiment", question.experiment, "has no runs to report on")
    if question.compare in ("dataset", "seed"):
        raise ConfigError(
            "compare", question.compare, "must be a key that can differ within a pair"
        )
    if question.compare not in runs:
        allowed = f"no run of experiment {question.experiment} has this key"
        raise ConfigError("compare", question.compare, allowed)
    comparison = compare_runs(runs, question.compare)
    made = [make(comparison, question, histories) for make in MAKERS]
    sentences = tuple(verdicts(comparison))
    report = Page(
        title=question.title,
        subject=question.experiment,
        sentences=sentences,
        sections=[part for part in made if part],
        origin=f"Written by nnbench from the tracked runs of experiment {question.experiment}.",
        command=question.report_command,
    )
    page, readme = write_page(report, directory)
    return Report(page, readme, sentences)
