"""Outcomes that are no column of a table of runs: times to a target, and older training scores."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.read_curves import ValidationCurves
from nnbench.run.errors import ConfigError

WHOLE_CURVES = 7
"""Last engine whose training curves are of all rows, so that they end in the score of all."""


def with_outcomes(
    runs: pd.DataFrame, measures: Mapping[str, Measure], curves: ValidationCurves
) -> pd.DataFrame:
    """The runs with the column that the measure of their data set reads.

    Raises ConfigError if a finished run of a data set was tracked without it.
    """
    for dataset, measure in measures.items():
        own = runs["dataset"] == dataset
        if measure.is_time:
            columns = runs[["run_id", "steps"]].reindex(columns=["run_id", "steps"])[own]
            runs.loc[own, measure.name] = times(columns, measure, curves)
        elif measure.is_last:
            if measure.name.startswith("train_"):
                runs = with_last_points(runs, measure)
            check_tracked(runs[own & (runs["status"] == "finished")], measure, dataset)
    return runs


def check_tracked(finished: pd.DataFrame, measure: Measure, dataset: str) -> None:
    """Raise ConfigError if any of these runs was tracked without the outcome.

    It would count as one that diverged.
    """
    values = finished.get(measure.name, pd.Series(np.nan, finished.index))
    count = int(values.isna().sum())
    if count:
        subject = "no run" if count == len(finished) else f"{count} of {len(finished)} runs"
        tracked = "was tracked with" if count == len(finished) else "were tracked without"
        allowed = (
            f"{subject} on {dataset} {tracked} it; the command of the sweep with "
            "resume=false trains the runs again, and tracks it"
        )
        raise ConfigError("metric", measure.name, allowed)


def with_last_points(runs: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The runs with the last point of the training curve where that is the score of all rows."""
    curve = measure.name.removesuffix("_last")
    if curve not in runs:
        return runs
    is_whole = runs["engine"] <= WHOLE_CURVES if "engine" in runs else runs[curve].notna()
    tracked = runs[measure.name] if measure.name in runs else pd.Series(np.nan, runs.index)
    return runs.assign(**{measure.name: tracked.fillna(runs[curve].where(is_whole))})


def times(runs: pd.DataFrame, measure: Measure, curves: ValidationCurves) -> Array:
    """Epochs or steps of each run until its validation score was at the target; else infinite."""
    spent = (
        np.inf if (curve := curves.of_run.get(run_id)) is None else time_of(curve, steps, measure)
        for run_id, steps in runs.itertuples(index=False)
    )
    return np.fromiter(spent, float, len(runs))


def time_of(curve: Array, steps: float, measure: Measure) -> float:
    """Epochs or steps of a run until its validation curve was at the target; infinite if never."""
    first = first_reached(curve, measure.metric.sign * (measure.target or 0.0))
    if measure.unit_of_time == "steps" and np.isfinite(first):
        first *= float(steps) / (len(curve) - 1)
    return first


def first_reached(curve: Array, least: float) -> float:
    """First epoch at which a curve, higher for better, was at `least`; infinite if never.

    The network before training doesn't count.
    """
    # Tables may have lost the last digit of what the curve says.
    reached = np.flatnonzero(curve[1:] >= least - 1e-12 * abs(least))
    return float(reached[0] + 1) if reached.size else np.inf
