"""Outcome measure of a report: what its verdicts are about, of which a metric is the scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnbench.pages.formatting import metric_text, signed
from nnbench.report.metric import Metric, metric_of
from nnbench.report.question import Question
from nnbench.run.errors import ConfigError
from nnbench.run.metrics import GAP, RATE_LIMIT, TIMES

SAME_TIME = 0.1
"""Share of the reference's time up to which a difference of times to a target does not matter."""

SETS = {"test": "test", "train": "training"}
"""Beginning of a name → the set of the data."""


@dataclass(frozen=True)
class Measure:
    """A number that each run has once, on a metric's scale or as a time to a target."""

    metric: Metric
    """Chooses settings, by its validation curve."""
    name: str
    """As typed after `metric=`, such as test_accuracy or steps_to_target."""
    target: float | None = None
    """Validation score that a time is counted to."""

    @property
    def is_usual(self) -> bool:
        """True of the metric on the test set at the best epoch."""
        return self.name == f"test_{self.metric.name}"

    @property
    def is_last(self) -> bool:
        """True of a metric after the last epoch."""
        return self.name.endswith("_last")

    @property
    def is_gap(self) -> bool:
        """True of the generalization gap."""
        return self.name == GAP

    @property
    def is_time(self) -> bool:
        """True of a time to a target, which is infinite for runs that never reach it."""
        return self.name in TIMES

    @property
    def counts_lost_as_worst(self) -> bool:
        """True where a run that learnt nothing would be good, or has no value."""
        return self.is_gap or self.is_time

    @property
    def lost_text(self) -> str:
        """Words after `counted`, of a run that diverged or failed."""
        return "as the worst" if self.counts_lost_as_worst else "at chance level"

    @property
    def sign(self) -> int:
        """1 where higher is better, −1 where lower is."""
        return -1 if self.is_time or self.is_gap else self.metric.sign

    def in_own_direction(self, low: float, high: float) -> tuple[float, float]:
        """An interval of which higher is better, in the measure's own direction."""
        return (low, high) if self.sign > 0 else (-high, -low)

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        if self.is_gap:
            return f"generalization gap of {self.metric.title}"
        if self.is_time:
            return f"{self.unit_of_time} to target"
        last = " at the last epoch" if self.is_last else ""
        return f"{SETS[self.name.partition('_')[0]]} {self.metric.title}{last}"

    @property
    def target_text(self) -> str:
        """The target that a time is counted to."""
        target = self.target or 0.0
        score = metric_text(self.metric.name, target)
        if round(target, 3) != target:
            # 99.96% is not 100.0%.
            score = f"{100 * target:.8g}%" if self.metric.is_share else signed(f"{target:.8g}")
        return f"a validation {self.metric.title} of {score}"

    @property
    def unit_of_time(self) -> str:
        """Unit that a time to a target is counted in: steps or epochs."""
        return self.name.partition("_")[0]

    @property
    def is_share(self) -> bool:
        """True if differences are in percentage points."""
        return self.metric.is_share and not self.is_time

    @property
    def has_places(self) -> bool:
        """True if differences have three decimals."""
        return self.metric.has_places and not self.is_time

    @property
    def form(self) -> str:
        """Format of charts, in D3's notation."""
        return ",.4~g" if self.is_time else self.metric.form

    @property
    def factor(self) -> int:
        """Factor from values to the axis of a chart, which has percentage points of shares."""
        return 100 if self.is_share else 1

    @property
    def points(self) -> str:
        """Percentage points, of a share; begins with a no-break space, or is empty."""
        return "\N{NO-BREAK SPACE}pp" if self.is_share else ""

    @property
    def unit(self) -> str:
        """The unit of a difference, as it follows a number; begins with a space."""
        return f"{self.points} of {self.title}" if self.is_share else f" in {self.title}"

    @property
    def within(self) -> tuple[float, float]:
        """Range of the values."""
        if self.is_gap:
            return (-1.0, 1.0) if self.metric.is_share else (-np.inf, np.inf)
        return (0.0, np.inf) if self.is_time else self.metric.within

    def values(self, runs: pd.DataFrame) -> pd.Series:
        """Value of each run; NaN for runs that diverged or failed, infinite for a target missed."""
        if self.is_gap:
            return self.metric.scores(runs, "best_train") - self.metric.scores(runs, "test")
        if self.is_time and self.name in runs:
            return runs[self.name].where(runs["status"] == "finished")
        return self.metric.valid_numbers(runs, self.name)

    def signed(self, runs: pd.DataFrame) -> pd.Series:
        """The same in the direction in which higher is better."""
        return self.sign * self.values(runs)

    def negligible(self, equivalence: float, reference: float) -> float:
        """The largest difference that does not matter in practice, given the reference's value."""
        if self.is_time:
            return SAME_TIME * reference if np.isfinite(reference) else 0.0
        return equivalence if self.is_gap else self.metric.negligible(equivalence, reference)


def measure_of(
    runs: pd.DataFrame, question: Question, all_runs: pd.DataFrame | None = None
) -> Measure:
    """Outcome measure of the runs of a data set: as asked, else their objective on the test set.

    Raises ConfigError if the runs lack its metric, or a time to a target has no target.
    """
    asked = question.metric
    if asked in (None, GAP, RATE_LIMIT, *TIMES):
        metric = metric_of(runs)
        if asked == RATE_LIMIT:
            # Rates train by the usual metric.
            asked = None
        if asked in TIMES and question.target is None:
            allowed = f"metric={asked} needs a number, the validation {metric.title} to reach"
            raise ConfigError("target", None, allowed)
        return Measure(metric, asked or f"test_{metric.name}", question.target)
    return Measure(metric_of(runs, asked, all_runs), asked)


def refuse_one_rate(asked: str | None, nuisances: Sequence[str]) -> None:
    """Raise ConfigError if the largest learning rate is asked for, and rates did not vary."""
    if asked == RATE_LIMIT and "lr" not in nuisances:
        allowed = "needs several learning rates that are not compared, such as lr=0.001,0.01,0.1"
        raise ConfigError("metric", asked, allowed)
