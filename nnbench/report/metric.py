"""The metric that values are compared by: its direction, its bounds, and its notation."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnbench.engine.arrays import LARGEST
from nnbench.pages.formatting import METRIC_NAMES
from nnbench.run.errors import ConfigError
from nnbench.run.metrics import METRICS, OBJECTIVE, metric_in


@dataclass(frozen=True)
class Metric:
    """A metric that training, validation and test set have."""

    name: str
    """accuracy, r2, rmse or loss, as in `test_accuracy`."""

    @property
    def sign(self) -> int:
        """1 where higher is better, −1 where lower is."""
        return 1 if self.name in OBJECTIVE.values() else -1

    @property
    def title(self) -> str:
        """The metric's name in text."""
        return METRIC_NAMES[self.name]

    @property
    def is_share(self) -> bool:
        """True if it is written in per cent, and differences in percentage points."""
        return self.name == "accuracy"

    @property
    def form(self) -> str:
        """Its number format in charts, in D3's notation."""
        return ".2%" if self.is_share else ".4~g"

    @property
    def within(self) -> tuple[float, float]:
        """The lowest and the highest possible value."""
        return {"accuracy": (0.0, 1.0), "r2": (-np.inf, 1.0)}.get(self.name, (0.0, np.inf))

    @property
    def within_text(self) -> str:
        """The same in words."""
        low, high = self.within
        if np.isinf(high):
            return f"{self.title} is {low:g} or more"
        return f"{self.title} is " + (
            f"at most {high:g}" if np.isinf(low) else f"from {low:g} to {high:g}"
        )

    @property
    def has_places(self) -> bool:
        """True if differences have three decimals."""
        return self.name == "r2"

    def scores(self, runs: pd.DataFrame, split: str) -> pd.Series:
        """Score of every run on a set (best_train, best_validation, test).

        It is NaN for runs that diverged or failed, or have no valid number there.
        """
        return self.valid_numbers(runs, f"{split}_{self.name}")

    def valid_numbers(self, runs: pd.DataFrame, column: str) -> pd.Series:
        """Numbers of a column; NaN for runs that diverged or failed, or have none there."""
        if column not in runs:
            return pd.Series(np.nan, index=runs.index)
        # Of single columns, since a table has hundreds.
        values = pd.to_numeric(runs[column]).to_numpy(float)
        is_valid = (runs["status"] == "finished").to_numpy(bool) & (np.abs(values) <= LARGEST)
        return pd.Series(np.where(is_valid, values, np.nan), index=runs.index)

    def signed(self, runs: pd.DataFrame, split: str) -> pd.Series:
        """The same in the direction in which higher is better."""
        return self.sign * self.scores(runs, split)

    def negligible(self, equivalence: float, reference: float) -> float:
        """The largest difference that does not matter in practice.

        Of accuracy and R² it is `equivalence` itself; of losses and errors, which have no scale of
        their own, that share of the reference's value.
        """
        return equivalence if self.sign > 0 else equivalence * abs(reference)


def metric_of(
    runs: pd.DataFrame, asked: str | None = None, all_runs: pd.DataFrame | None = None
) -> Metric:
    """The metric of the runs of a data set: as asked, else the objective of their task.

    If all runs failed, it is the metric asked for, or accuracy. Raises ConfigError if the runs have
    metrics, but not the one that was asked for.
    """
    if asked is not None:
        name = metric_in(asked) or ""
        metric = Metric(name)
        there = [asked.replace(name, own) for own in METRICS if has(runs, Metric(own))]
        if has(runs, metric) or not there:
            return metric
        dataset = runs["dataset"].iloc[0]
        # Where no runs have it, leaving some out would leave none.
        advice = "; where=… can leave them out"
        is_elsewhere = all_runs is not None and has(all_runs, metric)
        allowed = f"runs on {dataset} have {', '.join(there)}{advice * is_elsewhere}"
        raise ConfigError("metric", asked, allowed)
    objectives = [Metric(name) for name in OBJECTIVE.values()]
    return next((metric for metric in objectives if has(runs, metric)), objectives[0])


def has(runs: pd.DataFrame, metric: Metric) -> bool:
    """True if any run has the metric."""
    column = f"best_validation_{metric.name}"
    return column in runs and bool(runs[column].notna().any())
