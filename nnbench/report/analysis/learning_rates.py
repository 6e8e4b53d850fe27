"""Learning rates at which a group trains, and the width of their range."""

from dataclasses import dataclass
from math import log10

import numpy as np
import pandas as pd

from nnbench.report.compare.group import Group
from nnbench.report.metric import Metric

TOLERANCE = 0.05
"""Largest distance from the best score at which a rate trains: of accuracy or R², else a share."""


@dataclass(frozen=True)
class Range:
    """Neighbouring learning rates at which a group trains, around its best."""

    low: float
    high: float
    best: float
    rates: int
    """Number of rates of the grid that lie in it."""
    tried: int
    goes_below: bool
    """True if it reaches the lower end of the grid, below which it may go on."""
    goes_beyond: bool
    """The same of the upper end."""

    @property
    def is_open(self) -> bool:
        """True if it may go on at either end."""
        return self.goes_below or self.goes_beyond

    @property
    def decades(self) -> float:
        """Powers of ten between its ends; 0 of a single rate."""
        return log10(self.high / self.low)


def means(group: Group) -> pd.DataFrame:
    """The rows of `Group.by_value` for every learning rate, from the smallest."""
    return group.by_value("lr").sort_index()


def training_range(by_rate: pd.DataFrame, metric: Metric, tolerance: float) -> Range | None:
    """Learning rates around the best at which a group trains, by its `means`.

    None if it trains at none. A rate trains where no run failed or stalled, and the mean
    validation score comes within `tolerance` of the group's best (of losses and errors, within
    that share of it). An R² of no more than that is next to nothing learnt.
    """
    merits = (metric.sign * by_rate["mean"]).where(by_rate["stalled"] == 0)
    learnt = merits.max() > (tolerance if metric.name == "r2" else -np.inf)
    if not learnt:
        return None
    at = int(np.nanargmax(merits.to_numpy(float)))
    allowed = metric.negligible(tolerance, float(merits.iloc[at]))
    trains = (merits >= merits.iloc[at] - allowed).tolist()
    first, last = at, at
    while first > 0 and trains[first - 1]:
        first -= 1
    while last + 1 < len(trains) and trains[last + 1]:
        last += 1
    rates = by_rate.index
    return Range(
        low=float(rates[first]),
        high=float(rates[last]),
        best=float(rates[at]),
        rates=last - first + 1,
        tried=len(rates),
        goes_below=first == 0,
        goes_beyond=last == len(rates) - 1,
    )
