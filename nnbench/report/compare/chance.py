"""The chance level of a data set: what runs that diverged or failed count as, and values exceed."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.metric import Metric


def chance_of(runs: pd.DataFrame, metric: Metric) -> float:
    """Score of a constant prediction on the data of some runs, in the metric's own units.

    It is 0 for R², and for accuracy the share of the most frequent class, as it was tracked with
    the data; NaN for other metrics, and for runs of versions that did not track it.
    """
    if metric.name == "r2":
        return 0.0
    if metric.name != "accuracy" or "chance" not in runs:
        return np.nan
    return float(pd.to_numeric(runs["chance"], errors="coerce").median())


def chance_level(runs: pd.DataFrame, metric: Metric, curves: Iterable[Array]) -> float:
    """The score of a run on the data of some runs that learnt nothing, higher is better.

    It is that of a constant prediction; where that is not known, the mean before training over
    their validation `curves`. NaN for no curves.
    """
    chance = chance_of(runs, metric)
    if not np.isnan(chance):
        return metric.sign * chance
    before = np.array([curve[0] for curve in curves])
    finite = before[np.isfinite(before)]
    return float(finite.mean()) if finite.size else np.nan
