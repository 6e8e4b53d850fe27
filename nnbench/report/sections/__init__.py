"""The sections of a report in the order of reading; a file makes one, or None if it can't."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from nnbench.pages.section import Section
from nnbench.record import History
from nnbench.report.question import Question
from nnbench.report.sections import (
    asked,
    comparison,
    curves,
    failures,
    layers,
    learning_rates,
    limits,
    method,
    skipped,
)
from nnbench.report.select import Comparison

Maker: TypeAlias = Callable[[Comparison, Question, Mapping[str, History]], Section | None]

MAKERS: tuple[Maker, ...] = (
    comparison.make,
    curves.make,
    layers.make,
    learning_rates.make,
    failures.make,
    skipped.make,
    limits.make,
    asked.make,
    method.make,
)
