"""All that a report knows, which every section is made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from nnbench.report.analysis.across_datasets import Across, across
from nnbench.report.analysis.best_sets import NotWorse, not_worse
from nnbench.report.analysis.contrasts import Contrast, contrasts
from nnbench.report.analysis.costs import costs
from nnbench.report.analysis.lines import Line
from nnbench.report.analysis.rate_limits import RateLimits, rate_limits
from nnbench.report.analysis.slopes import Slope, slopes, trendless
from nnbench.report.analysis.trends import Trend, trends
from nnbench.report.analysis.unsettled import unsettled
from nnbench.report.compare.compare_runs import compare_runs
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.question import Question
from nnbench.run.result import History, RunHistories


@dataclass(frozen=True, eq=False)
class Findings:
    """A question, the groups that answer it, and how they differ."""

    question: Question
    comparison: Comparison
    contrasts: tuple[Contrast, ...]
    slopes: tuple[Slope, ...]
    """The courses along numbers, which are tested together with the contrasts."""
    unsettled: tuple[Group, ...]
    """The groups whose best setting isn't known."""
    histories: RunHistories
    """run_id → its curves; of runs that left none there is no entry."""

    @cached_property
    def across(self) -> Across | None:
        """The values on all data sets together; None if there are no two of either."""
        return across(self.comparison)

    @cached_property
    def trends(self) -> tuple[Trend, ...]:
        """Effect of each doubling of compared numbers, on each data set."""
        return trends(self.slopes, self.contrasts)

    @cached_property
    def rate_limits(self) -> list[RateLimits]:
        """The largest learning rates that train along compared numbers."""
        return rate_limits(self.comparison)

    @cached_property
    def trendless(self) -> list[Line]:
        """Lines along numbers that have no trend because of values whose best isn't known."""
        return trendless(self.comparison, self.unsettled)

    @cached_property
    def not_worse(self) -> list[NotWorse]:
        """The values that are not worse than the best, of all that have one reference."""
        best_sets = (
            not_worse(list(filter(self.comparison.competes, block)), self.contrasts, self.unsettled)
            for block in self.comparison.blocks
        )
        return [best_set for best_set in best_sets if best_set is not None]

    def not_worse_of(self, line: Line) -> NotWorse | None:
        """The same of a line."""
        return not_worse(line.groups, self.contrasts, self.unsettled)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Training cost of each run, by budget; see `costs.costs`."""
        return costs(self.comparison.runs)

    def costs_of(self, group: Group) -> pd.DataFrame:
        """The same of the runs of a group."""
        return self.costs.loc[group.runs.index]

    @cached_property
    def places(self) -> dict[str, list[Contrast]]:
        """Place where values are compared, in words → their contrasts there.

        That is a data set and, where two keys are compared, what both sides have in common.
        """
        by_place: dict[str, list[Contrast]] = {}
        for contrast in self.contrasts:
            by_place.setdefault(place(contrast, self.comparison), []).append(contrast)
        return by_place


def place(contrast: Contrast, comparison: Comparison) -> str:
    """The data of a contrast and, of two compared keys, what its sides have in common."""
    group, reference = contrast.group, contrast.reference
    shared = comparison.in_common(group.value, reference.value)
    return comparison.place(group.dataset, group.value, shared)


def find(runs: pd.DataFrame, histories: RunHistories, question: Question) -> Findings:
    """Compare the runs as the question asks. Raises ConfigError if they are not comparable."""
    comparison = compare_runs(runs, question, histories)
    reasons = unsettled(comparison, question)
    groups = tuple(group for group in comparison.groups if (group.dataset, group.value) in reasons)
    along = tuple(slopes(comparison, groups))
    decided = contrasts(comparison, question.equivalence, reasons, along)
    return Findings(question, comparison, decided, along, groups, Remembered(histories))


class Remembered(RunHistories):
    """Histories that are read once, however many sections ask for them."""

    def __init__(self, histories: RunHistories) -> None:
        self.histories = histories
        self.known: dict[str, History | None] = {}

    def __getitem__(self, run_id: str) -> History:
        if run_id not in self.known:
            self.known[run_id] = self.histories.get(run_id)
        history = self.known[run_id]
        if history is None:
            raise KeyError(run_id)
        return history

    def __iter__(self) -> Iterator[str]:
        return iter(self.histories)

    def __len__(self) -> int:
        return len(self.histories)
