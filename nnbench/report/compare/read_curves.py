"""The validation curves of all runs of a report, each read once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.compare.chance import chance_level
from nnbench.report.compare.validation_curves import signed
from nnbench.report.metric import Metric
from nnbench.run.result import RunHistories


@dataclass(frozen=True, eq=False)
class ValidationCurves:
    """Validation curves, higher for better, and what a run without one counts as."""

    of_run: Mapping[str, Array]
    """run_id → (epochs + 1,)"""
    chance: Mapping[str, float]
    """Data set → what a run that diverged or failed counts as, in every epoch and on the test
    set."""
    missing: pd.Series
    """True for each finished run without curves, which can choose nothing."""


def read_curves(
    runs: pd.DataFrame, metrics: Mapping[str, Metric], histories: RunHistories | None
) -> ValidationCurves:
    """The curves of the metric of each data set; flat ones without histories, of planned runs."""
    if histories is None:
        missing = pd.Series(False, runs.index)
        return ValidationCurves({}, dict.fromkeys(metrics, 0.0), missing)
    of_run: dict[str, Array] = {}
    of_data: dict[str, list[Array]] = {dataset: [] for dataset in metrics}
    absent = np.zeros(len(runs), bool)
    columns = runs[["run_id", "dataset", "status"]].itertuples(index=False)
    for row, (run_id, dataset, status) in enumerate(columns):
        try:
            curve = histories.curve(run_id, f"validation_{metrics[dataset].name}")
        except KeyError:
            absent[row] = status == "finished"
            continue
        of_run[run_id] = signed(curve, metrics[dataset])
        of_data[dataset].append(of_run[run_id])
    levels = {
        dataset: chance_level(runs[runs["dataset"] == dataset], metrics[dataset], own)
        for dataset, own in of_data.items()
    }
    # Of data without any curve all runs are the same.
    chance = {dataset: float(np.nan_to_num(level)) for dataset, level in levels.items()}
    return ValidationCurves(of_run, chance, pd.Series(absent, runs.index))
