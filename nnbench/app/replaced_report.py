"""The report that lies where another is to be written, by its report.json, which is data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnbench.pages.stored import read_stored
from nnbench.report import Question
from nnbench.run.errors import ConfigError, excerpt

SAME = ("compare", "where", "metric")
"""Keys of a question in which another question differs."""


def refuse_other_experiment(directory: Path, experiment: str) -> None:
    """Raise ConfigError if a directory has the report of another experiment."""
    earlier = question_in(directory).get("experiment", experiment)
    if earlier != experiment:
        allowed = f"{directory} is the report of experiment {excerpt(earlier)}; choose another name"
        raise ConfigError("name", directory.name, allowed)


def line_on_replaced(directory: Path, question: Question) -> str:
    """A line on another question that a report answered until now; empty if it is the same."""
    earlier = question_in(directory)
    now = {"compare": list(question.keys), "where": question.where, "metric": question.metric}
    asked = {key: earlier.get(key) for key in SAME}
    # As it is kept, with keys as text.
    if not earlier or asked == json.loads(json.dumps(now, default=str)):
        return ""
    words = ", ".join(f"{key}={excerpt(value)}" for key, value in asked.items() if value)
    return f"{directory} answered another question ({words}) until now; name=NAME writes beside it"


def question_in(directory: Path) -> Mapping[str, Any]:
    """The question of the report in a directory; empty if there is none, or it is damaged."""
    try:
        question: Mapping[str, Any] = read_stored(directory, "report")["question"]
    except ConfigError:
        return {}
    return question
