"""The chance level of a data set, by which a report names values that are not above it."""

import numpy as np
import pandas as pd

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
    return float(pd.to_numeric(runs["chance"], errors="coerce").mean())
