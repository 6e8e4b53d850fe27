"""Numbers of seeds before anything is trained: what they can show, and how many it takes."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from nnbench.app import terminal
from nnbench.app.report_checks import planned
from nnbench.app.report_words import asked
from nnbench.app.reporting import compared
from nnbench.report import Family, Question, families
from nnbench.report.text.before_training import before_training, seeds_that_show
from nnbench.run.config import SweepConfig
from nnbench.run.key_values import QUICK
from nnbench.safety.redaction import redacted
from nnbench.sweep.estimate import Estimate
from nnbench.sweep.plan import Plan

Rows = Sequence[Mapping[Hashable, Any]]

QUICK_SECONDS = 60
"""Time of a preview up to which it has as many seeds as its comparisons need."""


def families_of(sweep: SweepConfig, todo: Plan, tracked: Rows) -> list[Family]:
    """The comparisons that the report on a settled sweep will test together, by data set."""
    if not sweep.report or sweep.tracking.name == "none":
        return []
    question = Question(sweep.experiment, compared(sweep), (), "", **asked(sweep))
    return families(pd.DataFrame(tracked), pd.DataFrame(planned(todo, one_seed=True)), question)


def with_enough_seeds(
    sweep: SweepConfig, families: Sequence[Family], estimate: Estimate
) -> SweepConfig:
    """The preview with as many seeds as its comparisons need, up to what fits in a minute.

    `estimate` is that of its seeds so far, tracked ones included, so that the same command has
    as many when it is given again. No limit is exceeded for more. Fewer seeds than previews have
    were typed, and stay.
    """
    if sweep.seeds < QUICK["seeds"]:
        return sweep
    seconds, most = estimate.hours * 3600, min(QUICK_SECONDS, sweep.limits["hours"] * 3600)
    fitting = int(sweep.seeds * most / seconds) if seconds else seeds_that_show(families)
    return replace(sweep, seeds=max(sweep.seeds, min(seeds_that_show(families), fitting)))


def show(families: Sequence[Family], sweep: SweepConfig, command: str) -> None:
    """Print what the seeds of a sweep can show."""
    for sentence in before_training(families, sweep.seeds, redacted(command)):
        terminal.say(sentence, highlight=False)
